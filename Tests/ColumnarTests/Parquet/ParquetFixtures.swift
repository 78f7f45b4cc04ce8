import Columnar
import Foundation
import TestSupport
import Testing

/// The small files of other programs below `Tests/Reference/parquet`, and what is in them.
enum ParquetFixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Reference/parquet")

  static func path(_ name: String) -> String { folder.appending(path: "\(name).parquet").path }

  /// The texts of all rows by column, nil for missing.
  static func expected(_ name: String) throws -> [String: [String?]] {
    let lines = try SharedData.referenceLines("parquet/\(name).tsv")
    let names = try #require(lines.first)
    var columns: [String: [String?]] = [:]
    for (place, column) in names.enumerated() {
      columns[column] = lines.dropFirst().map { $0[place] == "-" ? nil : $0[place] }
    }
    return columns
  }

  static func read(_ path: String, _ change: (inout SourceOptions) -> Void = { _ in }) throws -> SourceTable {
    var options = SourceOptions()
    change(&options)
    return try #require(try ParquetFormat.read(path, options, Cancellation()).first)
  }

  static func scan(_ path: String, _ change: (inout SourceOptions) -> Void = { _ in }) throws -> any ReportedScan {
    var options = SourceOptions()
    change(&options)
    return try #require(try ParquetFormat.scan(path, options, Cancellation()))
  }

  /// Whether a value is what a text says; `isRounded` allows for the last bits of a real number.
  static func isEqual(_ value: Value, _ text: String?, isRounded: Bool = false) -> Bool {
    switch (value, text) {
    case (.missing, nil): true
    case (.integer(let number), let text?): String(number) == text
    case (.real(let number), let text?):
      Double(text).map { isRounded ? abs($0 - number) <= abs($0) * 1e-14 : $0 == number } ?? false
    case (.text(let own), let text?): own == text
    case (.boolean(let flag), let text?): String(flag) == text
    case (.date(let date), let text?): String(date.days) == text
    case (.datetime(let moment), let text?): String(moment.microseconds) == text
    default: false
    }
  }

  /// Expects the rows of a table from one on to be those of a text.
  static func expect(_ table: Table, _ expected: [String: [String?]], from first: Int = 0, _ note: String) {
    for (field, column) in zip(table.schema.fields, table.columns) {
      guard let texts = expected[field.name] else {
        Issue.record("\(note): \(field.name) is not expected")
        continue
      }
      for row in 0..<table.rowCount {
        let isRight = isEqual(column[row], texts[first + row], isRounded: field.name.hasPrefix("dec"))
        if !isRight {
          Issue.record(
            "\(note), \(field.name), row \(first + row): \(column[row]), not \(texts[first + row] ?? "missing")")
          break
        }
      }
    }
  }
}

/// A file of some bytes that is gone when the closure has ended.
func withTemporaryBytes<T>(_ bytes: [UInt8], _ body: (String) throws -> T) throws -> T {
  let file = FileManager.default.temporaryDirectory.appending(path: "martlet\(UUID().uuidString).parquet")
  try Data(bytes).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try body(file.path)
}
