import Columnar
import Engine
import Query
import Synchronization
import Testing

/// Aggregates over parts are those over the whole table.
struct StreamedAggregateTests {
  /// A table in memory that is handed out in parts, and remembers which columns were asked for.
  final class PartedTable: TableScan {
    let whole: Table
    let partRows: Int
    private let log = Mutex<[[String]]>([])
    private let read = Mutex(0)

    init(_ whole: Table, partRows: Int) {
      self.whole = whole
      self.partRows = partRows
    }

    var schema: Schema { whole.schema }
    var asked: [[String]] { log.withLock { $0 } }
    /// How many parts the last pass read.
    var partsRead: Int { read.withLock { $0 } }

    func extremes(_ column: String) -> (Value, Value)? { nil }

    private func part(_ columns: [String], _ rows: Range<Int>) -> Table {
      Table(
        columns.compactMap { name in
          guard let field = whole.schema[name], let column = whole[name] else { return nil }
          return (field, Column.of(field.type, rows.map { column[$0] }))
        })
    }

    func table(_ columns: [String], _ cancellation: Cancellation) throws -> Table {
      log.withLock { $0.append(columns) }
      return part(columns, 0..<whole.rowCount)
    }

    func mapParts<Result: Sendable>(
      _ columns: [String], within bounds: [ColumnBound], _ cancellation: Cancellation,
      until isEnough: (@Sendable (Result) -> Bool)?, _ body: @escaping @Sendable (Table) throws -> Result
    ) throws -> [Result] {
      log.withLock { $0.append(columns) }
      var results: [Result] = []
      defer { read.withLock { $0 = results.count } }
      for start in stride(from: 0, to: max(1, whole.rowCount), by: partRows) {
        results.append(try body(part(columns, start..<min(whole.rowCount, start + partRows))))
        if isEnough?(results[results.count - 1]) == true { break }
      }
      return results
    }
  }

  static let sales: Table = {
    let rows = 1_000
    func values(_ make: (Int) -> Value) -> [Value] { (0..<rows).map(make) }
    return Table([
      (Field("city", .text), .of(.text, values { $0 % 7 == 3 ? .missing : .text("c\($0 * $0 % 11)") })),
      (Field("units", .integer), .of(.integer, values { $0 % 13 == 0 ? .missing : .integer(Int64($0 % 17 - 3)) })),
      (Field("price", .real), .of(.real, values { $0 % 19 == 5 ? .missing : .real(Double($0 % 23) / 4) })),
      (Field("day", .date), .of(.date, values { .date(CivilDate(days: Int32(15_000 + $0 / 3))) })),
      (Field("unused", .text), .of(.text, values { _ in .text("x") })),
    ])
  }()

  static let aggregates: [NamedAggregate] = [
    NamedAggregate("rows", .count), NamedAggregate("total", .sum, [.column("units")]),
    NamedAggregate("priced", .count, [.column("price")]), NamedAggregate("mean", .mean, [.column("price")]),
    NamedAggregate("least", .min, [.column("day")]), NamedAggregate("most", .max, [.column("price")]),
    NamedAggregate("first", .first, [.column("units")]), NamedAggregate("last", .last, [.column("units")]),
    NamedAggregate("amount", .sum, [.arithmetic(.multiply, .column("units"), .column("price"))]),
  ]

  /// The plan over a source; `late` is a filter with a label.
  private func plan(_ source: LogicalPlan, keys: [String], _ aggregates: [NamedAggregate], late: Bool) -> LogicalPlan {
    let kept =
      late
      ? LogicalPlan.filter(source, .compare(.greater, .column("units"), .literal(.integer(0))), label: "f") : source
    return .aggregate(kept, keys: keys.map { NamedExpr($0, .column($0)) }, aggregates)
  }

  private func expectSame(_ a: Table, _ b: Table) {
    #expect(a.schema == b.schema)
    #expect(a.rowCount == b.rowCount)
    for (x, y) in zip(a.columns, b.columns) {
      for row in 0..<min(a.rowCount, b.rowCount) {
        if case .real(let p) = x[row], case .real(let q) = y[row] {
          #expect(abs(p - q) <= 1e-9 * max(1, abs(p)))
        } else {
          #expect(x[row] == y[row])
        }
      }
    }
  }

  @Test(arguments: [[], ["city"], ["city", "units"]], [1, 64, 333, 5_000])
  func partsAddUpToTheWhole(keys: [String], partRows: Int) throws {
    let engine = InMemoryEngine()
    for late in [false, true] {
      let scan = PartedTable(Self.sales, partRows: partRows)
      let streamed = try engine.run(
        plan(.scan(scan, scan.schema, name: "s"), keys: keys, Self.aggregates, late: late), cancellation: Cancellation()
      )
      let whole = try engine.run(
        plan(.table(Self.sales, name: "s"), keys: keys, Self.aggregates, late: late), cancellation: Cancellation())
      expectSame(streamed.table, whole.table)
      #expect(streamed.steps == whole.steps)
      #expect(scan.asked.count == 1)
      #expect(scan.asked.first?.contains("unused") == false)
    }
  }

  @Test(arguments: [64, 333, 5_000], [0, 1, 64, 65, 700, 2_000])
  func theFirstRowsEndTheReading(partRows: Int, count: Int) throws {
    let scan = PartedTable(Self.sales, partRows: partRows)
    let source = LogicalPlan.scan(scan, Self.sales.schema, name: "sales")
    let table = LogicalPlan.table(Self.sales, name: "sales")
    func plan(_ source: LogicalPlan, label: String?) -> LogicalPlan {
      let kept = LogicalPlan.filter(source, .compare(.greater, .column("units"), .literal(.integer(2))), label: label)
      return .limit(.project(kept, [NamedExpr("u", .column("units")), NamedExpr("city", .column("city"))]), count)
    }
    let engine = InMemoryEngine()
    for label in [nil, "kept"] {
      let expected = try engine.run(plan(table, label: label), cancellation: Cancellation())
      let got = try engine.run(plan(source, label: label), cancellation: Cancellation())
      expectSame(got.table, expected.table)
      #expect(got.steps == expected.steps)
      let parts = (Self.sales.rowCount + partRows - 1) / partRows
      if label != nil { #expect(scan.partsRead == parts) }
      if label == nil, count == 1 { #expect(scan.partsRead == 1) }
    }
    #expect(scan.asked.allSatisfy { $0 == ["city", "units"] })
  }

  @Test func whatNeedsAllRowsReadsTheColumnsThatItNeeds() throws {
    let scan = PartedTable(Self.sales, partRows: 100)
    let aggregates = [NamedAggregate("median", .median, [.column("price")])]
    let streamed = try InMemoryEngine().run(
      plan(.scan(scan, scan.schema, name: "s"), keys: ["city"], aggregates, late: false), cancellation: Cancellation())
    let whole = try InMemoryEngine().run(
      plan(.table(Self.sales, name: "s"), keys: ["city"], aggregates, late: false), cancellation: Cancellation())
    expectSame(streamed.table, whole.table)
    #expect(scan.asked == [["city", "price"]])
  }

  @Test func anEmptyFileHasOneTotal() throws {
    let scan = PartedTable(Table([(Field("x", .integer), .integer([Int64]()))]), partRows: 10)
    let plan = LogicalPlan.aggregate(
      .scan(scan, scan.schema, name: "s"), keys: [],
      [NamedAggregate("rows", .count), NamedAggregate("x", .sum, [.column("x")])])
    let answer = try InMemoryEngine().run(plan, cancellation: Cancellation()).table
    #expect(answer.rowCount == 1)
    #expect(answer["rows"]?[0] == .integer(0))
  }
}
