extension ArrowFormat: WritableFormat {
  /// A stream is only read.
  static let writtenEndings = [".arrow", ".feather", ".ipc"]

  static func write(_ table: Table, to path: String, _ cancellation: Cancellation) throws {
    let output = try FileOutput(path)
    let writer = ArrowWriter(table)
    try output.write(ArrowFile.mark + [0, 0])
    var blocks: (dictionaries: [[Int64]], batches: [[Int64]]) = ([], [])
    func put(_ message: ArrowWriter.Message) throws -> [Int64] {
      let start = output.count
      try output.write(message.head)
      try output.write(message.body)
      return [Int64(start), Int64(message.head.count), Int64(message.body.count)]
    }
    _ = try put(writer.schemaMessage)
    try OrderedBlocks.run(writer.columns.count, cancellation) {
      writer.dictionary($0)
    } take: { message in
      if let message { blocks.dictionaries.append(try put(message)) }
    }
    try OrderedBlocks.run(writer.batches, cancellation) {
      writer.batch($0)
    } take: { message in
      blocks.batches.append(try put(message))
    }
    // The mark of a stream's end, for those who read the file as one.
    try output.write([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
    let footer = FlatWriter.bytes(
      .table([
        (0, .short(ArrowWriter.version)), (1, writer.schema), (2, .structs(blocks.dictionaries)),
        (3, .structs(blocks.batches)),
      ]))
    try output.write(footer)
    try output.write(withUnsafeBytes(of: Int32(footer.count).littleEndian) { Array($0) } + ArrowFile.mark)
    try output.close()
  }
}

/// The messages of an Arrow file: texts as dictionaries, everything else as it is, nothing packed.
struct ArrowWriter: Sendable {
  /// Metadata and the bytes behind them.
  struct Message: Sendable {
    var head: [UInt8]
    var body: [UInt8]
  }

  /// Metadata of Arrow since 1.0.
  static let version: Int16 = 4
  /// A multiple of 64, so that validity is cut between words.
  private static let rowsPerBatch = 1 << 16

  private let table: Table
  /// Columns as their types have them; texts with the codes of those that some row has.
  let columns: [Column]

  init(_ table: Table) {
    self.table = table
    columns = table.columns.map { column in
      switch column.storage {
      case .text(let codes, let dictionary): ArrowWriter.onlyUsed(codes, dictionary, column)
      case .period: (ColumnTexts.of(column) ?? column).unpacked
      default: column.unpacked
      }
    }
  }

  /// The column without texts that no row has: they may be nobody's business any more.
  private static func onlyUsed(_ codes: [UInt32], _ dictionary: TextDictionary, _ column: Column) -> Column {
    var new = [UInt32](repeating: .max, count: dictionary.count)
    var (bytes, offsets, rows) = ([UInt8](), [UInt32(0)], codes)
    for row in codes.indices {
      guard !column.isMissing(row) else {
        rows[row] = 0
        continue
      }
      let code = Int(codes[row])
      if new[code] == .max {
        new[code] = UInt32(offsets.count - 1)
        bytes += dictionary.bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])]
        offsets.append(UInt32(bytes.count))
      }
      rows[row] = new[code]
    }
    return Column(.text(codes: rows, TextDictionary(bytes: bytes, offsets: offsets)), validity: column.validity)
  }

  // MARK: Schema

  /// The columns' names and types.
  var schema: FlatValue {
    let fields = zip(table.schema.names, columns).enumerated().map { place, named -> FlatValue in
      let (name, column) = named
      var values: [(field: Int, value: FlatValue)] = [(0, .text(name)), (1, .byte(1)), (5, .tables([]))]
      let integer = { (bits: Int32) in FlatValue.table([(0, .int(bits)), (1, .byte(1))]) }
      switch column.storage {
      case .integer: values += [(2, .byte(2)), (3, integer(64))]
      case .real: values += [(2, .byte(3)), (3, .table([(0, .short(2))]))]
      case .boolean: values += [(2, .byte(6)), (3, .table([]))]
      case .date: values += [(2, .byte(8)), (3, .table([(0, .short(0))]))]
      case .datetime: values += [(2, .byte(10)), (3, .table([(0, .short(2))]))]
      case .text(_, let dictionary):
        values += [(2, .byte(ArrowWriter.isWide(dictionary) ? 20 : 5)), (3, .table([]))]
        values.append((4, .table([(0, .long(Int64(place))), (1, integer(32))])))
      // Periods have become texts.
      case .period: values += [(2, .byte(1)), (3, .table([]))]
      }
      return .table(values)
    }
    return .table([(0, .short(0)), (1, .tables(fields))])
  }

  /// Whether offsets of four bytes do not reach the texts.
  private static func isWide(_ dictionary: TextDictionary) -> Bool { dictionary.bytes.count > Int(Int32.max) }

  var schemaMessage: Message { message(kind: 1, schema, Body()) }

  private func message(kind: UInt8, _ header: FlatValue, _ body: Body) -> Message {
    let metadata = FlatWriter.bytes(
      .table([
        (0, .short(ArrowWriter.version)), (1, .byte(kind)), (2, header), (3, .long(Int64(body.bytes.count))),
      ]))
    let size = withUnsafeBytes(of: Int32(metadata.count).littleEndian) { Array($0) }
    return Message(head: [0xff, 0xff, 0xff, 0xff] + size + metadata, body: body.bytes)
  }

  // MARK: Rows

  /// The buffers of a batch one after another, each at a multiple of eight bytes.
  private struct Body {
    var bytes: [UInt8] = []
    var buffers: [[Int64]] = []
    var nodes: [[Int64]] = []

    mutating func add(_ buffer: UnsafeRawBufferPointer) {
      buffers.append([Int64(bytes.count), Int64(buffer.count)])
      bytes.append(contentsOf: buffer)
      while bytes.count % 8 != 0 { bytes.append(0) }
    }

    mutating func add<N: BitwiseCopyable>(_ values: ArraySlice<N>) {
      values.withUnsafeBytes { add($0) }
    }

    func header(_ rows: Int) -> FlatValue {
      .table([(0, .long(Int64(rows))), (1, .structs(nodes)), (2, .structs(buffers))])
    }
  }

  /// The texts of a column; nil for one of another type.
  func dictionary(_ place: Int) -> Message? {
    guard case .text(_, let dictionary) = columns[place].storage else { return nil }
    var body = Body()
    body.nodes = [[Int64(dictionary.count), 0]]
    body.add([UInt8]()[...])
    if ArrowWriter.isWide(dictionary) {
      body.add(dictionary.offsets.map { Int64($0) }[...])
    } else {
      body.add(dictionary.offsets.map { Int32($0) }[...])
    }
    body.add(dictionary.bytes[...])
    return message(kind: 2, .table([(0, .long(Int64(place))), (1, body.header(dictionary.count))]), body)
  }

  var batches: Int { (table.rowCount + ArrowWriter.rowsPerBatch - 1) / ArrowWriter.rowsPerBatch }

  /// One batch of rows.
  func batch(_ number: Int) -> Message {
    let start = number * ArrowWriter.rowsPerBatch
    let rows = start..<min(table.rowCount, start + ArrowWriter.rowsPerBatch)
    var body = Body()
    for column in columns {
      if let validity = column.validity {
        let words = validity.words[(start / 64)..<((rows.upperBound + 63) / 64)]
        let present = words.reduce(0) { $0 + $1.nonzeroBitCount }
        body.nodes.append([Int64(rows.count), Int64(rows.count - present)])
        body.add(words)
      } else {
        body.nodes.append([Int64(rows.count), 0])
        body.add([UInt8]()[...])
      }
      switch column.storage {
      case .integer(let values), .datetime(let values): body.add(values[rows])
      case .real(let values): body.add(values[rows])
      case .date(let values), .period(let values, _): body.add(values[rows])
      case .text(let codes, _): body.add(codes[rows])
      case .boolean(let values): body.add(Bitmap(values[rows]).words[...])
      }
    }
    return message(kind: 3, body.header(rows.count), body)
  }
}
