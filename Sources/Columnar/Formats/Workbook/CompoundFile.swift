/// A container of Microsoft's older programs (MS-CFB): a workbook of before 2007, or a new one with a password.
enum CompoundFile {
  private static let mark: [UInt8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

  /// Whether a file begins like such a container.
  static func begins(_ head: [UInt8]) -> Bool { head.starts(with: mark) }

  /// Why the file cannot be read as a workbook.
  static func refusal(_ path: String) throws(SourceError) -> SourceError {
    let names = try entries(try FileBytes.open(path))
    if names.contains("EncryptedPackage") { return .locked(path: path, format: WorkbookFormat.name) }
    if names.contains("Workbook") || names.contains("Book") {
      return .unsupported(
        path: path, feature: "the cells of a workbook of before 2007 (.xls)",
        advice: "open it and save it as .xlsx, then load that")
    }
    return .binary(path: path, kind: "an old Office document")
  }

  /// The names in the container's directory, as far as they can be followed.
  private static func entries(_ source: any ByteSource) throws(SourceError) -> Set<String> {
    let header = try source.bytes(0..<512)
    guard header.count == 512 else { return [] }
    let shift = Int(header[30]) | Int(header[31]) << 8
    guard shift == 9 || shift == 12 else { return [] }
    var names: Set<String> = []
    var sector = word(header, 48)
    // A chain cannot be longer than the file, nor the directory of a workbook than some thousand entries.
    for _ in 0..<256 {
      let start = (sector + 1) << shift
      guard sector < 1 << 32 - 8, start < source.count else { break }
      let bytes = try source.bytes(start..<(start + 1 << shift))
      for entry in stride(from: 0, to: bytes.count - 127, by: 128) {
        let length = Int(bytes[entry + 64]) | Int(bytes[entry + 65]) << 8
        guard length >= 2, length <= 64 else { continue }
        let units = stride(from: entry, to: entry + length - 2, by: 2).map {
          UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
        names.insert(String(decoding: units, as: UTF16.self))
      }
      // The table of what follows: the header names where its first pieces are.
      let perSector = 1 << (shift - 2)
      let piece = sector / perSector
      guard piece < 109 else { break }
      let table = (word(header, 76 + piece * 4) + 1) << shift
      let next = try source.bytes(table + sector % perSector * 4..<(table + sector % perSector * 4 + 4))
      guard next.count == 4 else { break }
      sector = word(next, 0)
    }
    return names
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
