import Analytics
import Columnar
import TestSupport
import Testing

/// The limits of columns that lie in memory as small whole numbers are those of their values as doubles, and so are the rows
/// outside of them. More than a million rows: of so many, quartiles are looked for between drawn limits.
struct PackedOutlierTests {
  enum Shape: CaseIterable {
    case spread, skewed, ties, rising, few, gaps
  }

  private func text(_ shape: Shape) -> String {
    var random = SeededGenerator(seed: 11)
    var lines = "v\n"
    let rows = 1_100_000
    lines.reserveCapacity(rows * 9)
    for row in 0..<rows {
      let number: Int
      switch shape {
      case .spread: number = Int.random(in: -9_999_999...9_999_999, using: &random)
      case .skewed:
        let unit = Double.random(in: 0..<1, using: &random)
        number = Int(unit * unit * unit * unit * 9_999_999)
      // A third of the prices is the same one, at which a quartile lies.
      case .ties: number = row % 3 == 0 ? 999_000 : Int.random(in: 0...2_000_000, using: &random)
      case .rising: number = row * 7
      case .few: number = [100_000, 100_001, 7_000_000][row % 3]
      case .gaps:
        if row % 5 == 0 {
          lines += "NA\n"
          continue
        }
        number = Int.random(in: 0...5_000_000, using: &random)
      }
      let cents = abs(number % 100)
      lines += "\(number < 0 ? "-" : "")\(abs(number / 100)).\(cents < 10 ? "0" : "")\(cents)\n"
    }
    return lines
  }

  @Test(arguments: Shape.allCases) func limitsAndRowsAreThoseOfTheDoubles(shape: Shape) throws {
    try withTemporaryFile(text(shape)) { path in
      let (table, _) = try CSVReader(path: path).read()
      let column = try #require(table["v"])
      try #require(column.packed?.lane == .int32)
      let plain = Column(column.storage, validity: column.validity)
      for method in [OutlierRule.Method.iqr, .zscore] {
        func scan(_ column: Column) throws -> ColumnOutliers {
          try #require(
            ColumnOutliers.scan(
              [column], groups: nil, groupCount: 1, rule: OutlierRule(method, threshold: nil), threshold: nil,
              Cancellation()
            ).first)
        }
        let (packed, doubles) = (try scan(column), try scan(plain))
        let (a, b) = (try #require(packed.limits[0]), try #require(doubles.limits[0]))
        if method == .iqr {
          #expect(a.low == b.low && a.high == b.high)
        } else {
          #expect(abs(a.low - b.low) <= 1e-9 * abs(b.low) && abs(a.high - b.high) <= 1e-9 * abs(b.high))
        }
        #expect(packed.rows == doubles.rows)
        #expect(packed.unusualCount == packed.rows.count)
        #expect(packed.samples == doubles.samples)
      }
    }
  }
}
