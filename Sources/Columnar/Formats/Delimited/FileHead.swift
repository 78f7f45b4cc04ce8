/// What the beginning of a file, and looks into its middle, tell before it is read.
struct FileHead {
  private let path: String
  private let source: any ByteSource
  private var options: CSVOptions
  private var report: LoadReport

  /// Rows from the beginning, and some from places spread over the file; the header among them.
  private static let rowsLookedAt = 1000

  init(_ path: String, _ source: any ByteSource, _ options: CSVOptions, _ report: LoadReport) {
    self.path = path
    self.source = source
    self.options = options
    self.report = report
  }

  /// How to read the file, and what is known by now.
  mutating func plan() throws(SourceError) -> (plan: DelimitedPlan, report: LoadReport) {
    var head = try source.bytes(0..<(1 << 18))
    var start = TextEncoding.marked(head) == .utf8WithMark ? 3 : 0
    // Excel's own note of the delimiter.
    if options.delimiter == nil, head[start...].starts(with: Array("sep=".utf8)), head.count > start + 5,
      let end = head[(start + 5)...].firstIndex(of: UInt8(ascii: "\n")), end <= start + 6
    {
      options.delimiter = head[start + 4]
      start = end + 1
    }
    let dialect = CSVDialect.detect(Array(head.dropFirst(start)), delimiter: options.delimiter)
    report.delimiter = dialect.delimiter

    let scanner = RowScanner(source, dialect, columns: 1)
    try scanner.buffer.load(source, 0..<head.count)
    var look = scanner.rows(from: start, most: FileHead.rowsLookedAt, isWhole: head.count == source.count)
    while look.rows.isEmpty, !look.isUnclosed, scanner.buffer.count < min(source.count, 1 << 28) {
      _ = try scanner.buffer.extend(source, by: scanner.buffer.count)
      look = scanner.rows(from: start, most: FileHead.rowsLookedAt, isWhole: scanner.buffer.count == source.count)
    }
    head = []
    guard let first = look.rows.first else {
      if look.isUnclosed || look.next < source.count { throw .unclosedQuote(path: path, row: 1) }
      throw .empty(path: path)
    }
    let body = look.rows.dropFirst() + (try rowsWithin(dialect, columns: first.count))
    return try plan(first, Array(body), dialect, start: start)
  }

  /// Rows from seven places within the file.
  private func rowsWithin(_ dialect: CSVDialect, columns: Int) throws(SourceError) -> [[[UInt8]]] {
    // What is packed has no middle before its end was seen.
    guard source.count > 1 << 20, source.count < Int.max else { return [] }
    let scanner = RowScanner(source, dialect, columns: columns)
    var rows: [[[UInt8]]] = []
    for eighth in 1...7 {
      let place = source.count / 8 * eighth
      source.forget(before: place - 1)
      try scanner.load(place..<(place + 1 << 15))
      guard let start = scanner.guessStart() else { continue }
      rows += scanner.rows(from: start, most: 50, isWhole: false).rows.filter { $0.count == columns }
    }
    return rows
  }

  private mutating func plan(
    _ first: [[UInt8]], _ others: [[[UInt8]]], _ dialect: CSVDialect, start: Int
  ) throws(SourceError) -> (plan: DelimitedPlan, report: LoadReport) {
    // Every row ends in one more delimiter than the header: the last column has no name.
    let isPadded = !others.isEmpty && others.allSatisfy { $0.count == first.count + 1 && $0.last?.isEmpty == true }
    let header = isPadded ? first + [[]] : first
    let body = others.filter { $0.count == header.count }
    let missing = MissingTexts(options.missing)
    settleEncoding([first] + body)
    settleDecimal(dialect, body.isEmpty ? [first] : body)

    var samples = header.indices.map { sample($0, body, missing) }
    let kinds = header.indices.map { ColumnKind.guess(samples[$0], name: text(header[$0]), options: options) }
    let isHeader = options.header ?? looksLikeHeader(header, kinds, missing)
    report.hasHeader = isHeader
    let names = isHeader ? unique(header.map(text)) : header.indices.map { "column_\($0 + 1)" }
    let wanted = try ColumnNames.wanted(names, options, path: path)
    if !isHeader {
      for column in header.indices { samples[column] = sample(column, [header], missing) + samples[column] }
    }
    let starting = wanted.map { column -> ColumnKind in
      if let type = options.types[names[column]] { return ColumnKind.given(type, samples[column], options: options) }
      return isHeader ? kinds[column] : ColumnKind.guess(samples[column], name: names[column], options: options)
    }
    let scales = zip(wanted, starting).map { scale($1, samples[$0]) }
    let fields = zip(wanted, starting).map { field(names[$0], $1, samples[$0]) }
    let plan = DelimitedPlan(
      path: path, source: source, dialect: dialect, names: names, wanted: wanted,
      isGiven: wanted.map { options.types[names[$0]] != nil }, kinds: starting, scales: scales, fields: fields,
      missing: missing,
      options: options,
      bodyStart: isHeader ? try afterFirstRow(start, dialect) : start, headerRows: isHeader ? 1 : 0,
      isBlind: wanted.map { samples[$0].isEmpty },
      isTentative: source.count == Int.max)
    return (plan, report)
  }

  // MARK: Settling

  /// Takes the encoding from the sample where nothing else said it, for the signs of currencies in it.
  private mutating func settleEncoding(_ rows: [[[UInt8]]]) {
    if let marked = report.compression == nil ? TextEncoding.marked(rows.first?.first ?? []) : nil {
      options.encoding = marked
    }
    guard options.encoding == nil else { return }
    let all = rows.joined().joined()
    if !all.contains(where: { $0 >= 0x80 }) { return }
    let census = rows.joined().reduce(into: TextEncoding.Census()) { census, field in
      let found = field.withUnsafeBufferPointer(TextEncoding.census)
      census.characters += found.characters
      census.strayBytes += found.strayBytes
    }
    if census.strayBytes * 20 > census.characters { options.encoding = .singleByte(all) }
  }

  /// Takes the decimal sign from all numbers of the sample; with none that decides it, from the delimiter: semicolons are used
  /// where commas stand in numbers.
  private mutating func settleDecimal(_ dialect: CSVDialect, _ body: [[[UInt8]]]) {
    guard options.decimal == nil else { return }
    let usual = dialect.delimiter == UInt8(ascii: ";") ? UInt8(ascii: ",") : UInt8(ascii: ".")
    // A few thousand fields say enough, however many columns there are.
    let rows = min(300, max(50, 5000 / max(1, body.first?.count ?? 1)))
    options.decimal = NumberStyle.decimalSign(body.prefix(rows).joined()) ?? usual
  }

  private func sample(_ column: Int, _ rows: [[[UInt8]]], _ missing: MissingTexts) -> [[UInt8]] {
    rows.compactMap { row in
      row[column].withUnsafeBufferPointer { text -> [UInt8]? in
        guard let start = text.baseAddress, text.count > 0 else { return nil }
        let field = FieldBlock.Field(start: start, count: text.count, isQuoted: false)
        return missing.contains(field) ? nil : Array(field.trimmed.bytes)
      }
    }
  }

  /// A first row names columns when it does not fit what stands below it, or has nothing but texts.
  private func looksLikeHeader(_ first: [[UInt8]], _ kinds: [ColumnKind], _ missing: MissingTexts) -> Bool {
    let own = first.indices.map { column -> ColumnKind? in
      let values = sample(column, [first], missing)
      return values.isEmpty ? nil : ColumnKind.guess(values, name: "", options: options)
    }
    if own.allSatisfy({ $0 == nil || $0 == .text }) { return true }
    if zip(own, kinds).contains(where: { $0 == .text && $1 != .text }) { return true }
    // Years or months as names of columns, behind the name of what the rows are.
    guard own.first == .text, own.count > 2 else { return false }
    let rest = Array(zip(first, own).dropFirst())
    let isCalendar = rest.allSatisfy { field, kind in
      if case .date? = kind { return true }
      return kind == .integer && field.count == 4
        && (field.first == UInt8(ascii: "1") || field.first == UInt8(ascii: "2"))
    }
    return isCalendar && Set(rest.map(\.0)).count == rest.count
  }

  private func afterFirstRow(_ start: Int, _ dialect: CSVDialect) throws(SourceError) -> Int {
    let scanner = RowScanner(source, dialect, columns: 1)
    try scanner.buffer.load(source, 0..<min(source.count, 1 << 18))
    while true {
      let isWhole = scanner.buffer.count == source.count
      let look = scanner.rows(from: start, most: 1, isWhole: isWhole)
      if !look.rows.isEmpty || isWhole { return look.next }
      if try !scanner.buffer.extend(source, by: scanner.buffer.count) { return source.count }
    }
  }

  // MARK: Names and types

  private func text(_ bytes: [UInt8]) -> String {
    guard let encoding = options.encoding, encoding.isSingleByte else { return String(decoding: bytes, as: UTF8.self) }
    var out: [UInt8] = []
    encoding.decode(bytes, into: &out)
    return String(decoding: out, as: UTF8.self)
  }

  private mutating func unique(_ names: [String]) -> [String] {
    let (unique, renamed) = ColumnNames.unique(names)
    report.renamed += renamed
    return unique
  }

  /// What a column will be when all rows are like the sample.
  private func field(_ name: String, _ kind: ColumnKind, _ sample: [[UInt8]]) -> Field {
    switch kind {
    case .integer: return Field(name, .integer, measure: Identifiers.isName(name) ? .identifier : .plain)
    case .boolean: return Field(name, .boolean)
    case .text: return Field(name, .text)
    case .real(let style):
      if let currency = style.currency { return Field(name, .real, measure: .currency(currency)) }
      if style.isPercent { return Field(name, .real, measure: .percent) }
      let isWhole = sample.allSatisfy { text in
        text.withUnsafeBufferPointer { style.real($0).map { $0.rounded() == $0 } ?? false }
      }
      if Identifiers.isName(name), isWhole { return Field(name, .integer, measure: .identifier) }
      return Field(name, .real)
    case .date(let layout):
      if layout.order == .yearMonth, layout.isPeriod { return Field(name, .period(.month)) }
      return Field(name, layout.hasTime ? .datetime : .date)
    }
  }

  /// The most decimals in a sample of plain numbers; nil when they are not of that kind, or too many for 32 bits to be likely.
  private func scale(_ kind: ColumnKind, _ sample: [[UInt8]]) -> Int? {
    guard case .real(let style) = kind, style.isPlain else { return kind == .integer ? 0 : nil }
    let decimals =
      sample.map { field in field.lastIndex(of: style.decimal).map { field.count - $0 - 1 } ?? 0 }.max() ?? 0
    return decimals <= 4 ? decimals : nil
  }
}
