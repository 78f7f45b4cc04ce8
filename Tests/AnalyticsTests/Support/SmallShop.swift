import Analytics
import Columnar
import Engine
import Query
import TestSupport
import Testing

/// The made-up transactions of `Tests/Reference/customers_reference.py`, and what pandas says about them.
struct SmallShop {
  let table: Table
  let expected: [[String]]

  init() throws {
    let lines = try SharedData.referenceLines("customers/transactions.tsv")
    expected = try SharedData.referenceLines("customers/expected.tsv")
    table = Table([
      (Field("order", .text), .text(lines.map { $0[0] })),
      (Field("customer", .text), .text(lines.map { $0[1].isEmpty ? nil : $0[1] })),
      (Field("date", .date), .date(try lines.map { try day($0[2]) })),
      (Field("product", .text), .text(lines.map { $0[3] })),
      (Field("quantity", .integer), .integer(try lines.map { try #require(Int64($0[4])) })),
      (Field("price", .real), .real(try lines.map { try #require(Double($0[5])) })),
    ])
  }

  /// The lines of one analysis, without its name.
  func lines(_ name: String) -> [[String]] { expected.filter { $0[0] == name }.map { Array($0[1...]) } }

  var plan: LogicalPlan { .table(table, name: "shop") }
  static let amount = Expr.arithmetic(.multiply, .column("quantity"), .column("price"))

  var source: TransactionSource {
    TransactionSource(
      plan, customer: .column("customer"), date: .column("date"), order: .column("order"), amount: Self.amount,
      quantity: .column("quantity"))
  }

  static let customer = Field("customer", .text)

  func history() throws -> CustomerHistory {
    try CustomerHistory(source, engine: InMemoryEngine(), cancellation: Cancellation())
  }
}

/// A day written `2023-01-05`.
func day(_ text: String) throws -> CivilDate {
  let parts = text.split(separator: "-").compactMap { Int($0) }
  try #require(parts.count == 3)
  return try #require(CivilDate(year: parts[0], month: parts[1], day: parts[2]))
}

extension Table {
  /// One cell in words, for comparing with the lines of a reference file.
  func text(_ row: Int, _ column: String) -> String {
    switch self[column]?[row] ?? .missing {
    case .text(let t): t
    case .integer(let i): "\(i)"
    case .real(let d): "\(d)"
    case .boolean(let b): b ? "True" : "False"
    case .date(let d): d.description
    case .period(let p): p.start.description
    default: ""
    }
  }

  func number(_ row: Int, _ column: String) -> Double { self[column]?[row].number ?? .nan }
}
