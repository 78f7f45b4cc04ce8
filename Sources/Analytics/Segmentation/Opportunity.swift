import Columnar

/// What could be won by lifting a segment's customers to the mean of a better one.
package enum Opportunity {
  /// One segment held against a benchmark.
  package struct Row: Hashable, Sendable {
    package let segment: String
    package let customers: Int
    package let meanAmount: Double
    package let benchmark: Double
    /// What a customer of the benchmark has more, at least 0.
    package let gapEach: Double
    /// Customers × reach × gap: a ceiling, as it takes every customer reached to the benchmark's mean.
    package let opportunity: Double
  }

  /// The columns of the result.
  package static func fields(amount: Measure) -> [Field] {
    [
      Field("segment", .text), Field("customers", .integer, measure: .count),
      Field("mean_amount", .real, measure: amount),
      Field("benchmark", .real, measure: amount), Field("gap_each", .real, measure: amount),
      Field("opportunity", .real, measure: amount),
    ]
  }

  /// Compares segments with the mean over the customers of the benchmark segments.
  ///
  /// - Parameters:
  ///   - table: customers with a text column `segment`
  ///   - measure: the number column that is compared
  ///   - reach: the share of customers that can be moved, 0…1
  package static func analyse(
    _ table: Table, from segments: [String], versus benchmark: [String], measure: String, reach: Double
  ) throws(AnalysisError) -> [Row] {
    let members = try SegmentMembers(table)
    let values = try table.require(measure).doubles()
    func mean(_ rows: [Int]) -> Double {
      rows.isEmpty ? 0 : rows.reduce(0.0) { $0 + values[$1] } / Double(rows.count)
    }
    var best: [Int] = []
    for name in benchmark { best += try members.rows(of: name) }
    let goal = mean(best)
    var result: [Row] = []
    for name in segments {
      let rows = try members.rows(of: name)
      let gap = max(0, goal - mean(rows))
      result.append(
        Row(
          segment: name, customers: rows.count, meanAmount: mean(rows), benchmark: goal, gapEach: gap,
          opportunity: Double(rows.count) * reach * gap))
    }
    return result
  }

  /// The rows as a table.
  package static func table(_ rows: [Row], amount: Measure) -> Table {
    Table(
      schema: Schema(fields(amount: amount)),
      columns: [
        .text(rows.map(\.segment)), .integer(rows.map { Int64($0.customers) }), .real(rows.map(\.meanAmount)),
        .real(rows.map(\.benchmark)), .real(rows.map(\.gapEach)), .real(rows.map(\.opportunity)),
      ])
  }
}

/// The rows of each segment of a customers' table.
package struct SegmentMembers: Sendable {
  /// The segments in the order of their first customer.
  package let names: [String]
  private let rowsByName: [String: [Int]]

  /// Reads the text column `segment`.
  package init(_ table: Table) throws(AnalysisError) {
    let column = try table.require("segment")
    var names: [String] = []
    var rows: [String: [Int]] = [:]
    for row in 0..<column.count {
      guard case .text(let name) = column[row] else { continue }
      if rows[name] == nil { names.append(name) }
      rows[name, default: []].append(row)
    }
    self.names = names
    rowsByName = rows
  }

  /// The rows of a segment that has at least one customer.
  package func rows(of name: String) throws(AnalysisError) -> [Int] {
    guard let rows = rowsByName[name] else { throw AnalysisError.unknownSegment(name, known: names) }
    return rows
  }
}
