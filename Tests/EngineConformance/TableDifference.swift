import Columnar

/// Compares tables as a reader would: names, measures, rows in order, values; real numbers to nine digits.
public enum TableDifference {
  /// What differs first, in words; nil when nothing does.
  public static func first(_ found: Table, _ expected: Table) -> String? {
    guard found.schema.names == expected.schema.names else {
      return "columns \(found.schema.names), expected \(expected.schema.names)"
    }
    for (a, b) in zip(found.schema.fields, expected.schema.fields) where a.type != b.type || a.measure != b.measure {
      return "column \(a.name) is \(a.type) \(a.measure), expected \(b.type) \(b.measure)"
    }
    guard found.rowCount == expected.rowCount else { return "\(found.rowCount) rows, expected \(expected.rowCount)" }
    for (field, (a, b)) in zip(found.schema.fields, zip(found.columns, expected.columns)) {
      for row in 0..<found.rowCount where !isSame(a[row], b[row]) {
        return "row \(row) of \(field.name) is \(a[row]), expected \(b[row])"
      }
    }
    return nil
  }

  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    guard case .real(let x) = a, case .real(let y) = b else { return a == b }
    return x == y || abs(x - y) <= 1e-9 * max(1, abs(x), abs(y))
  }
}
