import Columnar

/// The part of a table that is shown, in words. HTML, LaTeX and text are written from these same words.
package struct TableView: Sendable {
  /// One column that is shown.
  package struct Heading: Hashable, Sendable {
    package var name: String
    /// Numbers stand to the right.
    package var isNumber: Bool
  }

  /// The columns that are shown.
  package var headings: [Heading]
  /// The cells of each row that is shown; nil is missing.
  package var rows: [[String?]]
  /// For cells of shares: their part of the largest one on show, which a bar behind the number shows.
  package var shares: [[Double?]]
  /// Rows that stand for something unfinished, shown paler.
  package var isPale: [Bool]
  /// How many rows and columns the table has.
  package var totalRows: Int
  package var totalColumns: Int

  /// More rows than this are never shown: they would stop the browser.
  package static let mostRows = 60
  /// More columns than this are never shown.
  package static let mostColumns = 40
  /// Longer texts are cut.
  package static let longestText = 240

  /// Takes the first rows of a table.
  ///
  /// - Parameters:
  ///   - rows: how many rows are wanted.
  ///   - decimals: places of plain numbers that are not whole.
  package init(_ table: Table, rows wanted: Int, decimals: Int = 2) {
    totalRows = table.rowCount
    totalColumns = table.columns.count
    let count = max(0, min(wanted, table.rowCount, Self.mostRows))
    let columns = min(table.columns.count, Self.mostColumns)
    headings = []
    rows = [[String?]](repeating: [], count: count)
    shares = [[Double?]](repeating: [], count: count)
    isPale = [Bool](repeating: false, count: count)
    for index in 0..<columns {
      let field = table.schema.fields[index]
      let values = (0..<count).map { table.columns[index][$0] }
      // The decimals suit the rows that are shown: pence matter beside £15.30, and not beside £9,747,748.
      let format = ValueFormat(field, Column.of(field.type, values), decimals: decimals)
      // A text with the measure of a number is a number in words.
      let isNumber =
        field.type.isNumeric || field.type == .text && field.measure != .plain && field.measure != .identifier
      headings.append(Heading(name: field.name, isNumber: isNumber))
      let bars = Self.bars(field, values)
      for (row, value) in values.enumerated() {
        rows[row].append(value == .missing ? nil : Self.clean(format.text(value)))
        shares[row].append(bars?[row])
        if field.name == "complete", value == .boolean(false) { isPale[row] = true }
      }
    }
  }

  /// Columns with these words in their name are parts of a whole; bars behind changes or interval ends would mislead.
  private static let barred = ["share", "rate", "retention", "support", "confidence"]

  /// The numbers of a column of shares; nil for every other column.
  private static func bars(_ field: Field, _ values: [Value]) -> [Double?]? {
    guard field.measure == .percent, values.count > 1, barred.contains(where: field.name.contains) else { return nil }
    let numbers = values.map(\.number)
    guard numbers.allSatisfy({ $0.map { (0...1).contains($0) } ?? true }),
      let largest = numbers.compactMap({ $0 }).max(),
      largest > 0
    else { return nil }
    return numbers.map { $0.map { $0 / largest } }
  }

  /// The text on one line and not too long.
  private static func clean(_ text: String) -> String {
    let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return line.count <= longestText ? line : line.prefix(longestText) + "…"
  }

  /// `20 of 397,884 rows`, with the columns when not all are shown.
  package var countLine: String {
    let format = ValueFormat.number(0)
    let all = format.text(Double(totalRows))
    var line = rows.count == totalRows ? "\(all) row\(totalRows == 1 ? "" : "s")" : "\(rows.count) of \(all) rows"
    if headings.count < totalColumns { line += " · \(headings.count) of \(totalColumns) columns" }
    return line
  }

  /// The same view with fewer rows.
  package func prefix(_ count: Int) -> TableView {
    var copy = self
    copy.rows = Array(rows.prefix(count))
    copy.shares = Array(shares.prefix(count))
    copy.isPale = Array(isPale.prefix(count))
    return copy
  }
}
