/// Reads lines of any number of fields, each a basket of items, into a table with a row an item.
struct BasketReader {
  private let path: String
  private let source: any ByteSource
  private let scanner: RowScanner
  private let options: CSVOptions
  /// The encoding of the items.
  private(set) var encoding = TextEncoding.utf8
  private(set) var blankLines = 0

  init(_ path: String, _ source: any ByteSource, _ dialect: CSVDialect, _ options: CSVOptions) {
    self.path = path
    self.source = source
    self.options = options
    scanner = RowScanner(source, dialect, columns: 1)
  }

  /// The table with the columns `order` (1, 2, 3 … by line) and `item`.
  mutating func read(_ cancellation: Cancellation) throws -> Table {
    var orders: [Int64] = []
    var items = LocalDictionary()
    var codes: [UInt32] = []
    let missing = MissingTexts(options.missing)
    let most = options.rows ?? .max
    var order: Int64 = 0
    var place = TextEncoding.marked(try source.bytes(0..<3)) == .utf8WithMark ? 3 : 0
    var window = 1 << 20
    while place < source.count, order < most {
      try cancellation.check()
      try scanner.buffer.load(source, place..<(place + window))
      let isWhole = place + scanner.buffer.count >= source.count
      let look = scanner.rows(from: place, most: min(1 << 16, most - Int(order)), isWhole: isWhole)
      if look.isUnclosed { throw SourceError.unclosedQuote(path: path, row: Int(order) + 1) }
      for row in look.rows {
        order += 1
        for item in row {
          item.withUnsafeBufferPointer { text in
            guard let start = text.baseAddress, text.count > 0 else { return }
            let field = FieldBlock.Field(start: start, count: text.count, isQuoted: false).trimmed
            if missing.contains(field) { return }
            orders.append(order)
            codes.append(items.code(field.bytes))
          }
        }
      }
      if items.isFull { throw SourceError.tooManyTexts(path: path, column: "item") }
      if look.next == place { window *= 2 }
      place = look.next
    }
    var census = TextEncoding.Census()
    items.eachBeyondASCII { _, text in
      let found = TextEncoding.census(text)
      census.characters += found.characters
      census.strayBytes += found.strayBytes
    }
    encoding = options.encoding ?? (census.strayBytes > 0 ? .singleByte(items.bytes) : .utf8)
    return Table([
      (Field("order", .integer, measure: .identifier), Column(.integer(orders))),
      (Field("item", .text), Column(.text(codes: codes, TextFinish(encoding: encoding).decoded(items)))),
    ])
  }
}
