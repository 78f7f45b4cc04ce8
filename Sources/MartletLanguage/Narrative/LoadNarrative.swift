import Columnar

extension LoadedTable {
  /// A table with the card that its reading gives.
  init(name: String, table: Table, report: [LoadReport]) {
    self.init(name: name, table: table, facts: LoadNarrative.facts(table, report), notes: LoadNarrative.notes(report))
  }
}

extension ScannedTable {
  /// A table that is not read yet, with the card that opening it gives.
  init(name: String, scan: any ReportedScan) {
    self.init(name: name, scan: scan, facts: LoadNarrative.facts(scan.schema, scan.reports)) {
      LoadNarrative.notes(scan.reportsAfterReading)
    }
  }
}

/// What the load card says, made of what the reader found out.
enum LoadNarrative {
  /// The lines of the card.
  static func facts(_ table: Table, _ reports: [LoadReport]) -> [LoadedTable.Fact] {
    guard let first = reports.first else { return [] }
    var facts: [LoadedTable.Fact] = []
    func add(_ label: String, _ text: String) { facts.append(LoadedTable.Fact(label, text)) }
    add("rows", Words.grouped(table.rowCount))
    add("columns", Words.grouped(table.columns.count))
    facts.append(files(first, reports))
    for fact in source(first, encodings: reports.map(\.encoding.rawValue)) { facts.append(fact) }
    if let decimal = first.decimal, decimal == UInt8(ascii: ",") { add("decimal sign", "comma") }
    for (column, layout, reason) in first.dates { add("dates in \(column)", dates(layout, reason)) }
    let missing = table.schema.fields.enumerated().compactMap { position, field -> String? in
      let count = table.columns[position].missingCount
      return count > 0 ? "\(field.name) \(Words.grouped(count))" : nil
    }
    add("missing", missing.isEmpty ? "none" : missing.joined(separator: ", "))
    return facts
  }

  /// The lines of the card of a file of which the columns that a pipeline needs are read, and nothing is kept.
  static func facts(_ schema: Schema, _ reports: [LoadReport]) -> [LoadedTable.Fact] {
    guard let first = reports.first else { return [] }
    return [.init("columns", Words.grouped(schema.fields.count)), files(first, reports)]
      + source(first, encodings: reports.map(\.encoding.rawValue)) + [
        .init("read", "only what this pipeline needs; the next cell that names the table reads all")
      ]
  }

  /// Where the rows come from, and how many bytes they are there.
  private static func files(_ first: LoadReport, _ reports: [LoadReport]) -> LoadedTable.Fact {
    let bytes = size(reports.reduce(0) { $0 + $1.bytes }) + (first.compression.map { ", \($0)" } ?? "")
    if reports.count > 1 { return .init("files", "\(Words.grouped(reports.count)) files, \(bytes)") }
    return .init(SourceAddress.isAddress(first.path) ? "database" : "file", "\(first.path), \(bytes)")
  }

  /// How the rows lie in their file.
  private static func source(_ report: LoadReport, encodings: [String]) -> [LoadedTable.Fact] {
    let details = report.details.map { LoadedTable.Fact($0.label, $0.text) }
    if let format = report.format { return [.init("format", format)] + details }
    return [
      .init("encoding", Array(Set(encodings)).sorted().joined(separator: ", ")),
      .init("delimiter", delimiter(report.delimiter)),
    ] + details
  }

  /// What was assumed or left out while reading.
  static func notes(_ reports: [LoadReport]) -> [Note] {
    var notes: [Note] = []
    let skipped = reports.reduce(0) { $0 + $1.skippedRows }
    if skipped > 0 { notes.append(Note(.leftOut, "\(Words.count(skipped, "row")) with another number of fields")) }
    let blank = reports.reduce(0) { $0 + $1.blankLines }
    if blank > 0 { notes.append(Note(.leftOut, Words.count(blank, "blank line"))) }
    guard let first = reports.first else { return notes }
    if !first.hasHeader { notes.append(Note(.assumed, "the file has no header, so the columns were named here")) }
    for (from, to) in first.renamed {
      notes.append(
        Note(.assumed, from.isEmpty ? "a column without a name is `\(to)`" : "a second `\(from)` is `\(to)`"))
    }
    for (column, layout, reason) in first.dates where reason == .assumed {
      notes.append(
        Note(
          .assumed,
          "dates in \(column) are \(layout.order.rawValue), as nothing in the file decides it (dates=dmy or mdy says so)"
        ))
    }
    return notes
  }

  /// `month/day/year because values above 12 occur only second`.
  static func dates(_ layout: DateLayout, _ reason: DateOrderReason) -> String {
    let order = layout.order.rawValue + (layout.hasTime ? " with time" : "")
    return switch reason {
    case .unambiguous: order
    case .largeValuesFirst: "\(order), because values above 12 occur only first"
    case .largeValuesSecond: "\(order), because values above 12 occur only second"
    case .assumed: "\(order), assumed: no value above 12 decides it"
    case .given: "\(order), as told"
    }
  }

  private static func delimiter(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: ","): "comma"
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: "|"): "bar"
    case UInt8(ascii: " "): "blanks"
    default: String(UnicodeScalar(byte))
    }
  }

  /// `7.4 MB`.
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) bytes"
    case ..<1_000_000: "\(NumberWords.plain(Double(bytes) / 1e3, decimals: 1)) kB"
    case ..<1_000_000_000: "\(NumberWords.plain(Double(bytes) / 1e6, decimals: 1)) MB"
    default: "\(NumberWords.plain(Double(bytes) / 1e9, decimals: 1)) GB"
    }
  }
}

extension LoadNarrative {
  /// `online_retail: 541,909 rows, 8 columns`.
  static func headline(_ info: TableInfo, _ loaded: LoadedTable) -> String {
    "\(info.name): \(Words.count(loaded.table.rowCount, "row")), \(Words.count(loaded.table.columns.count, "column"))."
  }

  /// The line over a load card.
  static func caption(_ info: TableInfo, _ loaded: LoadedTable) -> String { "How \(info.name) was read" }

  /// The card as a table of two columns: what was found out, and which columns play which roles.
  static func card(_ info: TableInfo, _ loaded: LoadedTable) -> Table { card(info, loaded.facts) }

  /// The same of facts alone.
  static func card(_ info: TableInfo, _ known: [LoadedTable.Fact]) -> Table {
    let facts = facts(info, known)
    return Table([
      (Field("property", .text), .text(facts.map { $0.label })), (Field("value", .text), .text(facts.map { $0.text })),
    ])
  }

  /// The cards of several tables as one table with a row for each; properties that all share come as a note.
  static func cards(_ infos: [TableInfo], _ tables: [LoadedTable]) -> (table: Table, shared: Note?) {
    let cards = zip(infos, tables).map { info, loaded in
      Dictionary(facts(info, loaded).map { ($0.label, $0.text) }, uniquingKeysWith: { "\($0) · \($1)" })
    }
    var labels: [String] = []
    for fact in zip(infos, tables).flatMap({ facts($0, $1) }) where !labels.contains(fact.label) {
      labels.append(fact.label)
    }
    // Which columns hold dates differs from table to table: one column for all of them.
    let dated = labels.filter { $0.hasPrefix(datesLabel) }
    let common = labels.filter { label in
      guard let first = cards.first?[label], label != "rows", label != "missing" else { return false }
      return cards.allSatisfy { $0[label] == first }
    }
    var columns: [(Field, Column)] = [(Field("table", .text), .text(infos.map { $0.name }))]
    for label in labels where !common.contains(label) && !dated.contains(label) {
      columns.append((Field(label, .text), .text(cards.map { $0[label] })))
    }
    if !dated.isEmpty {
      let texts = cards.map { card -> String? in
        let parts = dated.compactMap { label in card[label].map { "\(label.dropFirst(datesLabel.count)): \($0)" } }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
      }
      columns.insert((Field("dates", .text), .text(texts)), at: max(1, columns.count - 1))
    }
    let shared = common.filter { !dated.contains($0) }.map { "\($0) \(cards[0][$0] ?? "")" }
    return (Table(columns), shared.isEmpty ? nil : Note(.remark, "all files: \(shared.joined(separator: ", "))"))
  }

  private static var datesLabel: String { "dates in " }

  private static func facts(_ info: TableInfo, _ loaded: LoadedTable) -> [LoadedTable.Fact] {
    facts(info, loaded.facts)
  }

  private static func facts(_ info: TableInfo, _ known: [LoadedTable.Fact]) -> [LoadedTable.Fact] {
    let roles = Role.allCases.compactMap { role -> String? in
      guard case .found(let binding) = RoleInference.binding(role, in: info, currency: "") else { return nil }
      return "\(role.words) = \(binding.name)"
    }
    return known + [.init("roles", roles.isEmpty ? "none" : roles.joined(separator: " · "))]
  }

  /// `4 tables: customer_profiles (500 rows), …`.
  static func receipt(_ infos: [TableInfo], _ tables: [LoadedTable]) -> String {
    let each = zip(infos, tables).map { "\($0.name) (\(Words.count($1.table.rowCount, "row")))" }
    return "\(Words.count(tables.count, "table")): \(each.joined(separator: ", "))"
  }
}
