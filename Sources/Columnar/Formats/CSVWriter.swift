/// Writes tables as CSV (RFC 4180, UTF-8, `\n`).
public enum CSVWriter {
  /// The whole table as text. Numbers are written so that they read back to the same value; missing is an empty field.
  public static func text(_ table: Table, delimiter: String = ",") -> String {
    var out = ""
    eachPiece(table, delimiter: delimiter) { out += $0 }
    return out
  }

  /// The same, some ten thousand rows at a time: the text of a large table need not fit into memory.
  public static func eachPiece<Failure: Error>(
    _ table: Table, delimiter: String = ",", _ body: (String) throws(Failure) -> Void
  ) throws(Failure) {
    try body(table.schema.names.map { quoted($0, delimiter) }.joined(separator: delimiter) + "\n")
    let writers = table.columns.map { writer($0, delimiter) }
    var out = ""
    for row in 0..<table.rowCount {
      for (position, write) in writers.enumerated() {
        if position > 0 { out += delimiter }
        write(row, &out)
      }
      out += "\n"
      if row & 0x3FFF == 0x3FFF || row == table.rowCount - 1 {
        try body(out)
        out.removeAll(keepingCapacity: true)
      }
    }
  }

  private static func writer(_ column: Column, _ delimiter: String) -> (Int, inout String) -> Void {
    if case .text(let codes, let dictionary) = column.storage {
      let entries = dictionary.texts.map { quoted($0, delimiter) }
      return { row, out in if !column.isMissing(row) { out += entries[Int(codes[row])] } }
    }
    return { row, out in
      switch column[row] {
      case .missing, .duration, .list, .text: break
      case .integer(let i): out += String(i)
      case .real(let d): out += d == d.rounded() && abs(d) < 1e15 ? String(Int64(d)) : "\(d)"
      case .boolean(let b): out += b ? "true" : "false"
      case .date(let date): out += date.description
      case .datetime(let time): out += time.description
      case .period(let period): out += period.description
      }
    }
  }

  private static func quoted(_ text: String, _ delimiter: String) -> String {
    let needsQuotes =
      text.isEmpty || text.hasPrefix(" ") || text.hasSuffix(" ")
      || text.utf8.contains { $0 == 0x22 || $0 == 0x0a || $0 == 0x0d } || text.contains(delimiter)
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
