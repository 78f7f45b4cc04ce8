import Columnar
import Foundation
import TestSupport
import Testing

/// What the tests of file formats share: fixtures, files for a moment, random tables, damage.
enum FileFormat {
  private static let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Reference")

  /// The path of a committed file below `Tests/Reference`.
  static func reference(_ name: String) -> String { references.appending(path: name).path }

  /// A file with these bytes and this ending that is gone when the closure has ended.
  @discardableResult
  static func with<T>(_ bytes: [UInt8], _ ending: String, _ body: (String) throws -> T) throws -> T {
    let name = "martlet\(UUID().uuidString.filter { $0 != "-" })\(ending)"
    let file = FileManager.default.temporaryDirectory.appending(path: name)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }

  /// Reads a file in the format that recognises it.
  static func read(_ path: String, _ change: (inout SourceOptions) -> Void = { _ in }) throws -> SourceTable {
    var options = SourceOptions()
    change(&options)
    let format = try #require(TableFormats.format(of: path))
    return try #require(try format.read(path, options, Cancellation()).first)
  }

  /// What a table is after it has been written to a file and read again.
  static func roundTrip(
    _ table: Table, _ ending: String, _ change: (inout SourceOptions) -> Void = { _ in }
  ) throws -> SourceTable {
    try with([], ending) { path in
      let format = try #require(TableFormats.writable(path))
      try format.write(table, to: path, Cancellation())
      return try read(path, change)
    }
  }

  /// All values of a table, column by column.
  static func values(_ table: Table) -> [[Value]] {
    table.columns.map { column in
      let column = column.unpacked
      return (0..<table.rowCount).map { column[$0] }
    }
  }

  /// Reads damaged forms of a file: cut at every `step`-th byte, and with random bytes changed. Each must be a table or a
  /// `SourceError`.
  static func damage(_ bytes: [UInt8], _ ending: String, step: Int = 1, changes: Int = 400) throws {
    var random = SeededGenerator(seed: 7)
    func check(_ bytes: [UInt8]) throws {
      try with(bytes, ending) { path in
        guard let format = TableFormats.format(of: path) else { return }
        do {
          for part in try format.read(path, SourceOptions(), Cancellation()) {
            // Every code must have its text.
            for column in part.table.columns { for row in 0..<min(50, column.count) { _ = column[row] } }
          }
        } catch is SourceError {
        } catch {
          Issue.record("\(error) is no SourceError")
        }
      }
    }
    for count in stride(from: 0, to: bytes.count, by: step) { try check(Array(bytes.prefix(count))) }
    for _ in 0..<changes {
      var changed = bytes
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try check(changed)
    }
  }

  /// A table of all types with missing values.
  static func table(rows: Int, seed: UInt64) -> Table {
    var random = SeededGenerator(seed: seed)
    func values(_ make: (inout SeededGenerator) -> Value) -> [Value] {
      (0..<rows).map { _ in Int.random(in: 0..<5, using: &random) == 0 ? .missing : make(&random) }
    }
    let words = ["Zoë", "a,b", "\"quoted\" \\ back", "line\nbreak", "<&>", " x ", "😀", "_x0041_", "tab\t", "C\u{1}D"]
    let pairs: [(DataType, [Value])] = [
      (.integer, (0..<rows).map { .integer(Int64($0)) }),
      (.integer, values { .integer(Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &$0)) }),
      (.real, values { .real(Double(Int.random(in: -99_999...99_999, using: &$0)) / 100 + 0.005) }),
      (.real, values { .real(Double.random(in: -1e9...1e9, using: &$0)) }),
      (.text, values { .text(words[Int.random(in: 0..<words.count, using: &$0)]) }),
      (.boolean, values { .boolean(Bool.random(using: &$0)) }),
      (.date, values { .date(CivilDate(days: Int32.random(in: -20_000...60_000, using: &$0))) }),
      (
        .datetime,
        values {
          .datetime(Timestamp(microseconds: Int64.random(in: -1_000_000_000...4_000_000_000, using: &$0) * 1_000_000))
        }
      ),
    ]
    return Table(
      pairs.enumerated().map { place, pair in (Field("c\(place)", pair.0), Column.of(pair.0, pair.1)) })
  }

  /// Reads something endless, interrupts it after some seconds, and expects that it then ends within 50 ms.
  static func expectInterruption(after seconds: Double, _ read: (Cancellation) throws -> Void) {
    let cancellation = Cancellation()
    let raised = Guarded(ContinuousClock.now)
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
      raised.value = ContinuousClock.now
      cancellation.cancel()
    }
    #expect(throws: Cancelled.self) { try read(cancellation) }
    #expect(ContinuousClock.now - raised.value < .milliseconds(50))
  }
}

/// A value that two threads look at.
final class Guarded<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: Value

  init(_ value: Value) { kept = value }

  var value: Value {
    get { lock.withLock { kept } }
    set { lock.withLock { kept = newValue } }
  }
}
