/// Makes a table of one sheet of a workbook.
struct WorkbookReader {
  private let path: String
  private let bytes: Int
  private let options: SourceOptions
  private let cancellation: Cancellation
  private let archive: ZipArchive
  private let parts: WorkbookParts
  private let began = Stopwatch()

  init(_ path: String, bytes: Int, _ options: SourceOptions, _ cancellation: Cancellation) throws {
    self.path = path
    self.bytes = bytes
    self.options = options
    self.cancellation = cancellation
    archive = try ZipArchive(path)
    parts = try WorkbookParts(archive, path, cancellation)
  }

  /// Reads the sheet that the options name, or the only one with cells.
  func read() throws -> SourceTable {
    let sheet = try chosen()
    var context = SheetReader.Context(
      path: path, sheet: sheet.name, sharedStrings: SharedTexts(), looks: [],
      dates: SerialDate(countsFrom1904: parts.countsFrom1904))
    if let name = parts.sharedStrings, let part = archive.part(name) {
      let strings = SharedStrings()
      try archive.parse(part, name, strings, cancellation) { "shared text \(strings.texts.count + 1)" }
      context.sharedStrings = strings.texts
    }
    if let name = parts.styles, let part = archive.part(name) {
      let looks = CellLooks()
      try archive.parse(part, name, looks, cancellation) { name }
      context.looks = looks.all
    }
    guard let part = archive.part(sheet.part) else {
      throw SourceError.damaged(
        path: path, format: WorkbookFormat.name, place: "sheet \"\(sheet.name)\"",
        found: "has no cells: its part \(sheet.part) is missing")
    }
    let blocks = SheetBlocks(
      archive: archive, part: part, name: sheet.part, context: context, cancellation: cancellation)
    // The first row may be the header, and then one more is read.
    let limit = options.text.rows.map { min($0, SheetReader.mostRows) + 1 } ?? Int.max
    let pieces = try blocks.read(limit: limit).filter { !$0.rowNumbers.isEmpty }
    if pieces.contains(where: { $0.texts.dictionary.isFull }) {
      throw SourceError.tooManyTexts(path: path, column: sheet.name)
    }
    return try table(of: pieces, sheet)
  }

  // MARK: Sheets

  private func chosen() throws -> WorkbookParts.Sheet {
    let names = parts.sheets.map(\.name)
    if let wanted = options.sheet {
      if let exact = parts.sheets.first(where: { $0.name == wanted }) { return exact }
      if let alike = parts.sheets.first(where: { $0.name.lowercased() == wanted.lowercased() }) { return alike }
      if let number = Int(wanted), number >= 1, number <= names.count { return parts.sheets[number - 1] }
      throw SourceError.chooseTable(path: path, option: "sheet", given: wanted, names: names)
    }
    if parts.sheets.count == 1 { return parts.sheets[0] }
    let visible = try parts.sheets.filter { try !$0.isHidden && hasCells($0) }
    let found = visible.isEmpty ? try parts.sheets.filter { try $0.isHidden && hasCells($0) } : visible
    if found.count > 1 { throw SourceError.chooseTable(path: path, option: "sheet", given: nil, names: names) }
    guard let only = found.first else { throw SourceError.empty(path: path) }
    return only
  }

  /// Whether a sheet has a value; it is read until the first.
  private func hasCells(_ sheet: WorkbookParts.Sheet) throws -> Bool {
    let probe = CellProbe()
    guard let part = archive.part(sheet.part) else { return false }
    try archive.parse(part, sheet.part, probe, cancellation) { "sheet \"\(sheet.name)\"" }
    return probe.isDone
  }

  // MARK: The table

  private func table(of read: [SheetReader.Cells], _ sheet: WorkbookParts.Sheet) throws -> SourceTable {
    guard let first = FirstRow(read) else { throw SourceError.empty(path: path) }
    let hasHeader = options.text.header ?? first.looksLikeHeader
    let pieces = hasHeader ? first.pieces : read
    let numbers = pieces.flatMap(\.rowNumbers)
    let rows = min(numbers.count, options.text.rows ?? Int.max)

    let width = read.map(\.bodies.count).max() ?? 0
    let columns = (0..<width).filter { column in read.contains { $0.cells(column).count > 0 } }
    let (names, renamed) =
      hasHeader ? ColumnNames.unique(columns.map(first.name)) : (columns.indices.map { "column_\($0 + 1)" }, [])
    let wanted = try ColumnNames.wanted(names, options.text, path: path)
    try checkSize(pieces, columns: wanted.count, rows: rows)

    let cast = ColumnCast(path: path, options: options.text) { row in
      numbers.indices.contains(row) ? Int(numbers[row]) : 0
    }
    let assembly = CellAssembly(
      rows: rows, missing: MissingTexts(options.text.missing), truths: ("TRUE", "FALSE"))
    let made = try assembly.columns(
      wanted.map { place in (names[place], WorkbookReader.pieces(of: columns[place], pieces)) }, cast: cast,
      cancellation, path: path)

    var report = LoadReport()
    report.path = path
    report.bytes = bytes
    report.format = WorkbookFormat.name
    report.hasHeader = hasHeader
    report.renamed = renamed
    let all = read.flatMap(\.rowNumbers)
    if let top = all.first, let bottom = all.last { report.blankLines = Int(bottom - top) + 1 - all.count }
    report.details = details(read, sheet)
    var fields: [Field] = []
    for (place, column) in zip(wanted, made) {
      let looks = Set(pieces.compactMap { columns[place] < $0.bodies.count ? $0.bodies[columns[place]].look : nil })
      fields.append(field(names[place], column, looks.count == 1 ? looks.first ?? .plain : .plain))
      if column.missingCount > 0 { report.missing.append((names[place], column.missingCount)) }
    }
    let table = Table(schema: Schema(fields), columns: made, rowCount: rows)
    report.rows = rows
    report.columns = made.count
    report.seconds = began.seconds
    return SourceTable(table: table, report: report)
  }

  private static func pieces(of column: Int, _ read: [SheetReader.Cells]) -> [CellPiece] {
    var start = 0
    return read.map { piece in
      defer { start += piece.rowNumbers.count }
      return CellPiece(start: start, cells: piece.cells(column), texts: piece.texts)
    }
  }

  /// A few cells far apart would make a table of nothing: billions of missing values.
  private func checkSize(_ pieces: [SheetReader.Cells], columns: Int, rows: Int) throws(SourceError) {
    let met = pieces.reduce(0) { $1.bodies.reduce($0) { $0 + $1.cells.count } }
    let slots = rows.multipliedReportingOverflow(by: columns)
    if slots.overflow || slots.partialValue > max(1 << 28, 100 * met) {
      throw .unsupported(
        path: path, feature: "cells in \(columns) columns and \(rows) rows, nearly all of them empty",
        advice: "columns=[…] names those to read")
    }
  }

  private func field(_ name: String, _ column: Column, _ look: CellLook) -> Field {
    var field = Field(name, column.type)
    if column.type.isNumeric {
      if case .currency(let sign) = look { field.measure = .currency(sign) }
      if case .percent = look { field.measure = .percent }
    }
    if column.type == .integer, case .plain = field.measure, Identifiers.isName(name) { field.measure = .identifier }
    return field
  }

  private func details(_ read: [SheetReader.Cells], _ sheet: WorkbookParts.Sheet) -> [(label: String, text: String)] {
    let others = parts.sheets.count - 1
    let among = others > 0 ? ", one of \(others + 1)" : ""
    var details = [(label: "sheet", text: sheet.name + (sheet.isHidden ? " (hidden)" : "") + among)]
    let counts = read.reduce(into: [:]) { $0.merge($1.errors, uniquingKeysWith: +) }
    if !counts.isEmpty {
      let errors = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
      details.append(("errors read as missing", errors.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))
    }
    if read.contains(where: { $0.clocks > 0 }) {
      details.append(("times without a date", "read as text, such as 08:30:00"))
    }
    if parts.countsFrom1904 { details.append(("calendar", "days count from 1904")) }
    return details
  }
}

/// The first row of a sheet, which may name its columns.
private struct FirstRow {
  /// What was read, without the row.
  private(set) var pieces: [SheetReader.Cells]
  private let cells: [(column: Int, kind: CellColumn.Kind, word: UInt64)]
  private let texts: CellTexts

  /// Nil when nothing was read.
  init?(_ read: [SheetReader.Cells]) {
    guard let first = read.first else { return nil }
    texts = first.texts
    cells = first.bodies.enumerated().compactMap { column, body in
      let kind = body.cells.kind(0)
      return kind == .missing ? nil : (column, kind, body.cells.words[0])
    }
    pieces = read
    for column in first.bodies.indices { pieces[0].bodies[column].cells.removeFirst() }
    pieces[0].rowNumbers.removeFirst()
  }

  /// A first row names columns when it has nothing but texts, or texts over columns of other values; or years or months
  /// behind the name of what the rows are.
  var looksLikeHeader: Bool {
    if cells.allSatisfy({ $0.kind == .text }) { return true }
    let isOverOthers = cells.contains { cell in
      guard cell.kind == .text else { return false }
      let below = pieces.reduce(into: CellColumn.Kinds()) { $0.formUnion($1.cells(cell.column).met) }
        .subtracting(.init(.missing))
      return !below.isEmpty && !below.contains(.init(.text))
    }
    if isOverOthers { return true }
    guard let name = cells.first, name.kind == .text, cells.count > 2 else { return false }
    let rest = cells.dropFirst()
    let isCalendar = rest.allSatisfy { cell in
      cell.kind == .date || (cell.kind == .integer && (1000..<3000).contains(Int64(bitPattern: cell.word)))
    }
    return isCalendar && Set(rest.map(\.word)).count == rest.count
  }

  /// The text over a column; empty when there is none.
  func name(_ column: Int) -> String {
    guard let cell = cells.first(where: { $0.column == column }) else { return "" }
    var one = CellColumn()
    one.set(0, cell.kind, cell.word)
    let assembly = CellAssembly(rows: 1, missing: MissingTexts([]), truths: ("TRUE", "FALSE"))
    let shown = assembly.column([CellPiece(start: 0, cells: one, texts: texts)], asText: true)
    if case .text(let text) = shown[0] { return text }
    return ""
  }
}

extension SheetReader.Cells {
  /// The cells of a column; none for one that these rows do not reach.
  fileprivate func cells(_ column: Int) -> CellColumn {
    column < bodies.count ? bodies[column].cells : CellColumn()
  }
}

/// Looks for the first value of a sheet.
private final class CellProbe: XMLHandler {
  private var isInValue = false

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    isInValue = name.letter == UInt8(ascii: "v") || name.letter == UInt8(ascii: "t")
  }

  override func end(_ name: XMLName) { isInValue = false }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isInValue, bytes.contains(where: { $0 > 0x20 }) { isDone = true }
  }
}
