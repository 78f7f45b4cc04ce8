import Columnar
import Engine
import Foundation
import MartletLanguage

/// A file of `Tests/Specs`: tables, cells, and what must come back, as text.
///
/// ```text
/// # What the file is about.
/// === counts the rows of each group
/// --- table t
/// kind,n
/// a,1
/// --- cell
/// t | count by kind
/// --- result
/// kind | count | share
/// a | 1 | 1
/// ```
///
/// A case has one or more cells, run in order in one session. What stands behind a cell is compared with what that cell
/// gave: `result` (the displayed table), `value`, `receipt`, `printed`, `notes`, `log` (the small tables below a result), or
/// `diagnostic` (the rendered text). A table that is written before the first case belongs to all cases of the file. Every
/// session also has the tables `sales`, `products`, `customers` and `daily` of the generated shop.
struct SpecFile: CustomStringConvertible, Sendable {
  /// The path below `Tests/Specs`.
  var path: String
  var cases: [Case]

  var description: String { path }

  struct Case: Sendable {
    var title: String
    var tables: [(name: String, csv: String)]
    var steps: [Step]
  }

  struct Step: Sendable {
    var cell: String
    var expectations: [(kind: String, text: String)]
  }

  /// The folder of the specs.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Specs")

  /// All files, sorted by path.
  static let all: [SpecFile] = {
    let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
    return paths.filter { $0.hasSuffix(".spec") }.compactMap { path in
      guard let text = try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8) else { return nil }
      return SpecFile(path: path, text: text)
    }
  }()

  init(path: String, text: String) {
    self.path = path
    cases = []
    var shared: [(name: String, csv: String)] = []
    var section = ""
    var body: [String] = []
    func flush(_ cases: inout [Case]) {
      defer { body = [] }
      while body.last?.isEmpty == true { body.removeLast() }
      let text = body.joined(separator: "\n")
      guard !section.isEmpty else { return }
      if section.hasPrefix("table ") {
        let table = (name: String(section.dropFirst(6)), csv: text + "\n")
        if cases.isEmpty { shared.append(table) } else { cases[cases.count - 1].tables.append(table) }
        return
      }
      guard !cases.isEmpty else { return }
      if section == "cell" {
        cases[cases.count - 1].steps.append(Step(cell: text, expectations: []))
      } else if !cases[cases.count - 1].steps.isEmpty {
        let last = cases[cases.count - 1].steps.count - 1
        cases[cases.count - 1].steps[last].expectations.append((section, text))
      }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("=== ") {
        flush(&cases)
        section = ""
        cases.append(Case(title: String(line.dropFirst(4)), tables: shared, steps: []))
      } else if line.hasPrefix("--- ") {
        flush(&cases)
        section = String(line.dropFirst(4))
      } else {
        body.append(line)
      }
    }
    flush(&cases)
  }
}

/// The generated shop, made once for all tests.
enum ExampleShop {
  private static let tables: [(String, Table)] = {
    let session = Session(engine: InMemoryEngine(), loader: NoLoader())
    let cell = """
      sales = generate sales rows=4000 customers=80 products=24
      products = generate products products=24
      customers = generate customers customers=80
      daily = generate daily
      """
    _ = session.execute(cell, sink: RecordingSink())
    return session.snapshot.tables.map { ($0.info.name, $0.table) }
  }()

  /// A fresh session with the shop's tables.
  static func session(loader: any TableLoader = NoLoader()) -> Session {
    let session = Session(engine: InMemoryEngine(), loader: loader)
    for (name, table) in tables { session.define(table, named: name, origin: "generate \(name)") }
    return session
  }
}

/// A table as lines of values between bars.
enum PlainTable {
  static func text(_ table: Table) -> String {
    var lines = [table.schema.names.joined(separator: " | ")]
    for row in 0..<table.rowCount {
      lines.append(
        zip(table.columns, table.schema.fields).map { column, _ in ValueText.plain(column[row].rounded) }.joined(
          separator: " | "))
    }
    return lines.joined(separator: "\n")
  }
}

extension Value {
  /// Reals to ten digits, so that a spec need not know the last bits of a sum.
  fileprivate var rounded: Value {
    guard case .real(let d) = self, d != 0, d.isFinite else { return self }
    let scale = 1e10
    let cut = (d * scale).rounded() / scale
    return .real(abs(d) < 1e5 ? cut : d)
  }
}
