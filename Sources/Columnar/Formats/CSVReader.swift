/// Reads delimited text into a table: all cores, whole-file types, nothing dropped in silence.
public struct CSVReader: Sendable {
  private let path: String
  private let options: CSVOptions
  private let cancellation: Cancellation

  /// A reader with its options.
  public init(path: String, options: CSVOptions = CSVOptions(), cancellation: Cancellation = Cancellation()) {
    self.path = path
    self.options = options
    self.cancellation = cancellation
  }

  /// Reads the file, unpacks and decodes it, and makes a table of it. Throws `SourceError` or `Cancelled`.
  public func read() throws -> (table: Table, report: LoadReport) {
    let packed = try FileBytes.read(path)
    var report = LoadReport()
    report.path = path
    report.bytes = packed.count
    if packed.isEmpty { throw SourceError.empty(path: path) }
    return try read(packed, report)
  }

  /// Makes a table of bytes that are in memory; the path is for messages.
  public func read(_ packed: [UInt8], _ known: LoadReport) throws -> (table: Table, report: LoadReport) {
    var report = known
    var raw = packed
    if Decompression.isGzip(packed) {
      raw = try Decompression.gunzip(packed, path: path)
      report.compression = "gzip"
    } else if Decompression.isZstd(packed) {
      raw = try Decompression.unzstd(packed, path: path)
      report.compression = "zstd"
    }
    try cancellation.check()
    if raw.isEmpty { throw SourceError.empty(path: path) }
    if let kind = FileBytes.binaryKind(raw) { throw SourceError.binary(path: path, kind: kind) }
    report.encoding = options.encoding ?? TextEncoding.detect(raw)
    let text = try report.encoding.decode(raw, path: path)
    raw = []
    try cancellation.check()
    return try text.withUnsafeBufferPointer { bytes in
      if options.baskets { return try baskets(bytes, report) }
      return try table(bytes, report)
    }
  }

  private func table(_ bytes: UnsafeBufferPointer<UInt8>, _ known: LoadReport) throws -> (
    table: Table, report: LoadReport
  ) {
    var report = known
    let dialect = CSVDialect.detect(bytes, delimiter: options.delimiter)
    report.delimiter = dialect.delimiter
    var settings = options
    if settings.decimal == nil, dialect.delimiter == UInt8(ascii: ",") { settings.decimal = UInt8(ascii: ".") }
    let splitter = CSVSplitter(dialect: dialect)

    // The first row tells how many columns there are.
    let head = splitter.split(bytes, 0..<bytes.count, columns: nil, limit: 1)
    if head.rows == 0 { throw SourceError.empty(path: path) }
    if head.unclosed != nil { throw SourceError.unclosedQuote(path: path, row: 1) }
    let first = head.places.map { fieldText(bytes, $0) }
    let isHeader = settings.header ?? looksLikeHeader(head, bytes, settings)
    report.hasHeader = isHeader
    let names = isHeader ? unique(first, &report) : first.indices.map { "column_\($0 + 1)" }
    let bodyStart = isHeader ? afterFirstRow(splitter, bytes, head) : 0
    let columns = names.count

    var borders = splitter.borders(bytes, from: bodyStart, size: max(1, settings.chunkBytes))
    var index = try split(splitter, bytes, borders, columns)
    // A quote within an unquoted field makes the parity of quotes worthless: one pass in order then.
    if borders.count > 2, index.contains(where: { $0.strayQuotes > 0 || $0.unclosed != nil }) {
      borders = [bodyStart, bytes.count]
      index = try split(splitter, bytes, borders, columns)
    }
    try checkRows(index, bytes, columns, headerRows: isHeader ? 1 : 0, &report)
    if let limit = settings.rows { index = truncate(index, to: limit, columns) }

    let wanted = try wantedColumns(names)
    var fields: [Field] = []
    var result: [Column] = []
    let missing = MissingTexts(settings.missing)
    let assembled = try convert(wanted, names, index, bytes, columns, missing, settings)
    for (position, column) in wanted.enumerated() {
      let (kind, pieces) = assembled[position]
      var joined = ColumnAssembly.join(pieces, kind: kind)
      var field = Field(names[column], joined.type)
      switch kind {
      case .real(let style):
        if let currency = style.currency { field.measure = .currency(sign(currency)) }
        if style.isPercent { field.measure = .percent }
        if style.decimal != UInt8(ascii: ".") || report.decimal == nil { report.decimal = style.decimal }
      case .date(let layout):
        report.dates.append((names[column], layout, reason(layout, pieces)))
      case .integer, .boolean, .text: break
      }
      if Identifiers.isName(names[column]) {
        joined = Identifiers.wholeNumbers(joined)
        if joined.type == .integer { field = Field(names[column], .integer, measure: .identifier) }
      }
      if joined.missingCount > 0 { report.missing.append((names[column], joined.missingCount)) }
      fields.append(field)
      result.append(joined)
    }
    let rows = index.reduce(0) { $0 + $1.rows }
    return (Table(schema: Schema(fields), columns: result, rowCount: rows), report)
  }

  // MARK: Rows

  private func split(
    _ splitter: CSVSplitter, _ bytes: UnsafeBufferPointer<UInt8>, _ borders: [Int], _ columns: Int
  ) throws -> [FieldIndex] {
    let source = SharedBytes(bytes)
    return try parallelMap(borders.count - 1, cancellation: cancellation) { piece in
      splitter.split(source.bytes, borders[piece]..<borders[piece + 1], columns: columns)
    }
  }

  private func checkRows(
    _ index: [FieldIndex], _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Int, headerRows: Int,
    _ report: inout LoadReport
  ) throws {
    var before = headerRows
    let ragged = index.reduce(0) { $0 + $1.ragged.count }
    for piece in index {
      if let row = piece.unclosed { throw SourceError.unclosedQuote(path: path, row: before + row) }
      if let bad = piece.ragged.first, options.badRows == .fail {
        let text = String(decoding: bytes[bad.range].prefix(120), as: UTF8.self)
        throw SourceError.raggedRow(
          path: path, row: before + bad.row, expected: columns, found: bad.found, text: text, count: ragged)
      }
      report.blankLines += piece.blankLines
      before += piece.allRows
    }
    report.skippedRows = ragged
  }

  private func truncate(_ index: [FieldIndex], to limit: Int, _ columns: Int) -> [FieldIndex] {
    var left = max(0, limit)
    return index.map { piece in
      var short = piece
      short.rows = min(piece.rows, left)
      short.places = Array(piece.places.prefix(short.rows * columns))
      left -= short.rows
      return short
    }
  }

  private func afterFirstRow(_ splitter: CSVSplitter, _ bytes: UnsafeBufferPointer<UInt8>, _ head: FieldIndex) -> Int {
    guard let last = head.places.last else { return 0 }
    var place = last.end & ~FieldIndex.doubled
    while place < bytes.count, bytes[place] != splitter.dialect.newline { place += 1 }
    return min(place + 1, bytes.count)
  }

  // MARK: Names

  private func fieldText(_ bytes: UnsafeBufferPointer<UInt8>, _ place: (start: Int, end: Int)) -> String {
    let text = String(decoding: bytes[place.start..<(place.end & ~FieldIndex.doubled)], as: UTF8.self)
    guard place.end & FieldIndex.doubled != 0 else { return text }
    var plain = ""
    var isSecond = false
    for character in text.unicodeScalars {
      if character == "\"", isSecond {
        isSecond = false
        continue
      }
      isSecond = character == "\""
      plain.unicodeScalars.append(character)
    }
    return plain
  }

  /// A header names columns: none of its fields is a number or a date.
  private func looksLikeHeader(_ head: FieldIndex, _ bytes: UnsafeBufferPointer<UInt8>, _ options: CSVOptions) -> Bool {
    !head.places.contains { place in
      let field = UnsafeBufferPointer(rebasing: bytes[place.start..<(place.end & ~FieldIndex.doubled)])
      if field.isEmpty { return false }
      return ColumnKind.guess([field], options: options) != .text
    }
  }

  private func unique(_ names: [String], _ report: inout LoadReport) -> [String] {
    var taken: Set<String> = []
    var result: [String] = []
    for (position, name) in names.enumerated() {
      let trimmed = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      let base = trimmed.isEmpty ? "column_\(position + 1)" : trimmed
      var candidate = base
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(base)_\(number)"
        number += 1
      }
      if candidate != trimmed { report.renamed.append((trimmed, candidate)) }
      result.append(candidate)
    }
    return result
  }

  private func wantedColumns(_ names: [String]) throws -> [Int] {
    for name in options.types.keys.sorted() where !names.contains(name) {
      throw SourceError.unknownColumn(path: path, column: name, columns: names)
    }
    guard let wanted = options.columns else { return Array(names.indices) }
    return try wanted.map { name in
      guard let place = names.firstIndex(of: name) else {
        throw SourceError.unknownColumn(path: path, column: name, columns: names)
      }
      return place
    }
  }

  private func sign(_ currency: String) -> String {
    switch currency {
    case "USD": "$"
    case "EUR": "€"
    case "GBP": "£"
    default: currency
    }
  }

  private func reason(_ layout: DateLayout, _ pieces: [ColumnPiece]) -> DateOrderReason {
    if layout.order == .yearMonthDay || layout.order == .compact { return .unambiguous }
    let first = pieces.map(\.largest.first).max() ?? 0
    let second = pieces.map(\.largest.second).max() ?? 0
    if first == 0 { return .unambiguous }
    if options.dates != nil { return .given }
    if first > 12 { return .largeValuesFirst }
    if second > 12 { return .largeValuesSecond }
    return .assumed
  }

  // MARK: Values

  /// Converts the wanted columns. A column that a late row does not fit is converted anew as the next wider kind.
  private func convert(
    _ wanted: [Int], _ names: [String], _ index: [FieldIndex], _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Int,
    _ missing: MissingTexts, _ options: CSVOptions
  ) throws -> [(ColumnKind, [ColumnPiece])] {
    var kinds = wanted.map { column -> ColumnKind in
      if let type = options.types[names[column]] {
        return given(type, sample(column, index, bytes, columns, missing), options)
      }
      return ColumnKind.guess(sample(column, index, bytes, columns, missing), options: options)
    }
    var results = [[ColumnPiece]](repeating: [], count: wanted.count)
    var open = Array(wanted.indices)
    let source = SharedBytes(bytes)
    while !open.isEmpty {
      let tasks = open.flatMap { position in index.indices.map { (position, $0) } }
      let (current, todo) = (kinds, tasks)
      let pieces = try parallelMap(tasks.count, cancellation: cancellation) { task in
        let (position, piece) = todo[task]
        let converter = ColumnConverter(
          bytes: source.bytes, index: index[piece], columnCount: columns, missing: missing)
        return converter.convert(wanted[position], as: current[position])
      }
      var next: [Int] = []
      for (turn, position) in open.enumerated() {
        let mine = Array(pieces[(turn * index.count)..<((turn + 1) * index.count)])
        guard let (piece, misfit) = firstMisfit(mine) else {
          results[position] = mine
          continue
        }
        let column = wanted[position]
        if let type = options.types[names[column]] {
          let row = index[..<piece].reduce(0) { $0 + $1.allRows } + misfit.row + 2
          throw SourceError.badValue(
            path: path, row: row, column: names[column],
            value: String(decoding: bytes[misfit.place].prefix(60), as: UTF8.self), type: type.displayName)
        }
        kinds[position] = widen(kinds[position], UnsafeBufferPointer(rebasing: bytes[misfit.place]), options)
        next.append(position)
      }
      open = next
    }
    return zip(kinds, results).map { ($0, $1) }
  }

  private func firstMisfit(_ pieces: [ColumnPiece]) -> (piece: Int, ColumnPiece.Misfit)? {
    for (place, piece) in pieces.enumerated() {
      if let misfit = piece.misfit { return (place, misfit) }
    }
    return nil
  }

  private func widen(_ kind: ColumnKind, _ field: UnsafeBufferPointer<UInt8>, _ options: CSVOptions) -> ColumnKind {
    // Day and month may be the other way round: 13/12/2011 after a thousand dates that fit both orders.
    if case .date(let layout) = kind, layout.order == .monthDayYear, options.dates == nil {
      if let parts = DateParser.parts(field), DateParser.date(parts, .dayMonthYear) != nil {
        return .date(DateLayout(.dayMonthYear, hasTime: layout.hasTime))
      }
    }
    return kind.widened(for: field, options: options)
  }

  private func given(_ type: DataType, _ sample: [UnsafeBufferPointer<UInt8>], _ options: CSVOptions) -> ColumnKind {
    switch type {
    case .integer: return .integer
    case .real:
      if case .real(let style) = ColumnKind.guess(sample, options: options) { return .real(style) }
      return .real(NumberStyle(decimal: options.decimal ?? UInt8(ascii: ".")))
    case .boolean: return .boolean
    case .date, .datetime, .period:
      if case .date(let layout) = ColumnKind.guess(sample, options: options) { return .date(layout) }
      return .date(DateLayout(.yearMonthDay, hasTime: type == .datetime))
    case .text: return .text
    }
  }

  /// Up to 1,000 values of a column from the beginning, and some of each piece.
  private func sample(
    _ column: Int, _ index: [FieldIndex], _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Int, _ missing: MissingTexts
  ) -> [UnsafeBufferPointer<UInt8>] {
    var found: [UnsafeBufferPointer<UInt8>] = []
    for (number, piece) in index.enumerated() {
      var taken = 0
      let most = number == 0 ? 1000 : 20
      for row in 0..<piece.rows where taken < most {
        let (start, end) = piece.places[row * columns + column]
        var field = UnsafeBufferPointer(rebasing: bytes[start..<(end & ~FieldIndex.doubled)])
        while field.first == UInt8(ascii: " ") { field = UnsafeBufferPointer(rebasing: field.dropFirst()) }
        while field.last == UInt8(ascii: " ") { field = UnsafeBufferPointer(rebasing: field.dropLast()) }
        if missing.contains(field) { continue }
        found.append(field)
        taken += 1
      }
    }
    return found
  }

  // MARK: Baskets

  private func baskets(
    _ bytes: UnsafeBufferPointer<UInt8>, _ known: LoadReport
  ) throws -> (table: Table, report: LoadReport) {
    var report = known
    let dialect = CSVDialect.detect(bytes, delimiter: options.delimiter)
    report.delimiter = dialect.delimiter
    report.hasHeader = false
    let splitter = CSVSplitter(dialect: dialect)
    var orders: [Int64] = []
    var items = LocalDictionary()
    var codes: [UInt32] = []
    let missing = MissingTexts(options.missing)
    var start = 0
    var order: Int64 = 0
    // Row by row: the lines have no common length that an index of fields could rely on.
    while start < bytes.count, order < Int64(options.rows ?? .max) {
      let row = splitter.split(bytes, start..<bytes.count, columns: nil, limit: 1)
      if row.rows == 0 { break }
      if row.unclosed != nil { throw SourceError.unclosedQuote(path: path, row: Int(order) + 1) }
      order += 1
      for place in row.places {
        let text = Array(fieldText(bytes, place).utf8.drop { $0 == UInt8(ascii: " ") })
        text.withUnsafeBufferPointer { field in
          if missing.contains(field) { return }
          orders.append(order)
          codes.append(items.code(field))
        }
      }
      report.blankLines += row.blankLines
      start = afterFirstRow(splitter, bytes, row)
      if order & 0xfff == 0 { try cancellation.check() }
    }
    let table = Table([
      (Field("order", .integer, measure: .identifier), Column(.integer(orders))),
      (Field("item", .text), Column(.text(codes: codes, items.finished))),
    ])
    return (table, report)
  }
}

/// Lends bytes to the threads of one parallel loop, which ends before the bytes do.
private struct SharedBytes: @unchecked Sendable {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }
}
