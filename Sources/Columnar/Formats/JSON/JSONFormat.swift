/// JSON: an object a line, an array of objects, or a document that holds such an array somewhere; plain or packed.
enum JSONFormat: TableFormat {
  static let name = "JSON"
  static let endings = [".jsonl", ".ndjson", ".json"]

  static func recognises(_ source: String, head: [UInt8]) -> Bool {
    var name = source.lowercased()
    let isPacked = Decompression.isGzip(head) || Decompression.isZstd(head)
    for packing in [".gz", ".zst"] where isPacked && name.hasSuffix(packing) { name.removeLast(packing.count) }
    guard endings.contains(where: { name.hasSuffix($0) }) else { return false }
    if isPacked { return true }
    // Marks of UTF-8 and UTF-16, and the zeros of the latter.
    let marks: [UInt8] = [0xef, 0xbb, 0xbf, 0xff, 0xfe, 0]
    let first = head.first { $0 > 0x20 && !marks.contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let file = try FileBytes.open(source)
    var report = LoadReport()
    report.path = source
    report.bytes = file.count
    report.format = name
    return [try JSONReader(path: source, options: options, cancellation: cancellation).read(file, report)]
  }
}
