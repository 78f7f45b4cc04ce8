/// Workbooks of Excel and of what writes their format since 2007 (ECMA-376): one sheet is a table.
enum WorkbookFormat: TableFormat {
  static let name = "Excel workbook"
  static let endings = [".xlsx", ".xlsm"]

  static func recognises(_ source: String, head: [UInt8]) -> Bool {
    if CompoundFile.begins(head) { return true }
    guard head.starts(with: Array("PK".utf8) + [3, 4]) else { return false }
    let name = source.lowercased()
    if endings.contains(where: { name.hasSuffix($0) }) || name.hasSuffix(".xlsb") { return true }
    // The name of the archive's first part, for workbooks that are named otherwise.
    let part = head.dropFirst(30)
    return ["[Content_Types].xml", "xl/", "_rels/.rels"].contains { part.starts(with: Array($0.utf8)) }
  }

  static func read(
    _ source: String, _ options: SourceOptions, _ cancellation: Cancellation
  ) throws -> [SourceTable] {
    let file = try FileBytes.open(source)
    if CompoundFile.begins(try file.bytes(0..<8)) { throw try CompoundFile.refusal(source) }
    return [try WorkbookReader(source, bytes: file.count, options, cancellation).read()]
  }
}
