/// Makes columns of text: each distinct text is looked at once, whether the file has a dictionary or not.
struct ArrowTexts {
  private let reader: ArrowColumn
  private let field: ArrowField
  private let file: ArrowFile

  init(_ reader: ArrowColumn) {
    self.reader = reader
    (field, file) = (reader.field, reader.file)
  }

  private func fault(_ found: String) -> BinaryFault { BinaryFault(place: "column `\(field.name)`", found: found) }

  func column(
    _ batches: ArraySlice<ArrowFile.Batch>, _ rows: Int, _ cancellation: Cancellation
  ) throws -> Column {
    var dictionary = LocalDictionary()
    var gaps = Gaps(rows)
    var codes: [UInt32] = []
    codes.reserveCapacity(rows)
    var states: [Int: State] = [:]
    for batch in batches {
      try cancellation.check()
      let start = codes.count
      if case .null = field.layout, field.dictionary == nil {
        for row in 0..<batch.rows { gaps.add(start + row) }
        codes.append(contentsOf: repeatElement(0, count: batch.rows))
        continue
      }
      try reader.readGaps(batch, start, &gaps)
      if let (id, layout) = field.dictionary {
        guard let number = batch.dictionaries[id] else { throw fault("stands for texts that are not there") }
        var state = try states.removeValue(forKey: number) ?? self.state(number)
        try self.codes(batch, layout, &state, start, &gaps, &dictionary, &codes)
        states[number] = state
      } else if case .time(_, let perSecond) = field.layout {
        try times(batch, perSecond, start, gaps, &dictionary, &codes)
      } else {
        try eachText(batch) { row, text throws(BinaryFault) in
          codes.append(gaps.isMissing(start + row) ? 0 : try code(text, &dictionary))
        }
      }
    }
    if dictionary.isFull { throw SourceError.tooManyTexts(path: file.path, column: field.name) }
    // Codes of missing rows mean something too.
    let texts = dictionary.count == 0 && rows > 0 ? TextDictionary([""]) : dictionary.finished
    return Column(ColumnLanes.packed(codes, texts), validity: gaps.validity)
  }

  /// The code of a text, which is checked when it is new.
  private func code(_ text: UnsafeBufferPointer<UInt8>, _ dictionary: inout LocalDictionary) throws(BinaryFault)
    -> UInt32
  {
    let known = dictionary.count
    let code = dictionary.code(text)
    if dictionary.count > known, TextEncoding.census(text).strayBytes > 0 {
      throw fault("has the text \"\(TextEncoding.showing(text))\", which is not UTF-8")
    }
    return code
  }

  // MARK: Plain texts

  /// Calls the closure with the text of each row; what it gets for a missing row is arbitrary.
  private func eachText(
    _ batch: ArrowFile.Batch, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    if batch.rows == 0 { return }
    switch field.layout {
    case .textView: try eachView(batch, body)
    case .text(let isWide):
      let offsets = try reader.buffer(1, of: batch, least: (batch.rows + 1) * (isWide ? 8 : 4))
      let texts = try reader.buffer(2, of: batch, least: 0)
      func offset(_ row: Int) -> Int {
        isWide ? Int(offsets.number(row, as: Int64.self)) : Int(offsets.number(row, as: Int32.self))
      }
      var from = offset(0)
      for row in 0..<batch.rows {
        let to = offset(row + 1)
        guard from >= 0, to >= from, to <= texts.count else { throw fault("has a text outside of its buffer") }
        try body(row, texts.bytes(from, to - from))
        from = to
      }
    default: throw fault("holds no texts")
    }
  }

  /// Texts of up to twelve bytes stand in their views, others in one of several buffers.
  private func eachView(_ batch: ArrowFile.Batch, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    let views = try reader.buffer(1, of: batch, least: batch.rows * 16)
    guard batch.variadics.indices.contains(reader.variadic),
      let count = Int(exactly: batch.variadics[reader.variadic][0]), count >= 0, count < 1 << 20
    else { throw fault("has views without buffers") }
    var buffers: [ArrowBuffer] = []
    for number in 0..<count { buffers.append(try reader.buffer(2 + number, of: batch, least: 0)) }
    var gaps = Gaps(batch.rows)
    try reader.readGaps(batch, 0, &gaps)
    for row in 0..<batch.rows {
      let length = Int(views.number(4 * row, as: Int32.self))
      if gaps.isMissing(row) {
        try body(row, views.bytes(0, 0))
      } else if length >= 0, length <= 12 {
        try body(row, views.bytes(16 * row + 4, length))
      } else {
        let (number, from) = (
          Int(views.number(4 * row + 2, as: Int32.self)), Int(views.number(4 * row + 3, as: Int32.self))
        )
        guard length >= 0, buffers.indices.contains(number), from >= 0, length <= buffers[number].count - from else {
          throw fault("has a text outside of its buffers")
        }
        try body(row, buffers[number].bytes(from, length))
      }
    }
  }

  // MARK: Dictionaries

  /// The texts of a dictionary, and the codes that the column has given them.
  private struct State {
    var bytes: [UInt8] = []
    var offsets = [0]
    var missing: Set<Int> = []
    var codes: [UInt32] = []
  }

  private static let unknown = UInt32.max

  private func state(_ number: Int) throws -> State {
    var state = State()
    let plain = ArrowField(name: field.name, layout: field.layout, dictionary: nil, zone: nil)
    let reader = ArrowColumn(file: file, field: plain, node: 0, buffer: 0, variadic: 0)
    let texts = ArrowTexts(reader)
    for batch in file.dictionaries[number] {
      var gaps = Gaps(batch.rows)
      try reader.readGaps(batch, 0, &gaps)
      try texts.eachText(batch) { row, text in
        if gaps.isMissing(row) {
          state.missing.insert(state.offsets.count - 1)
        } else {
          state.bytes.append(contentsOf: text)
        }
        state.offsets.append(state.bytes.count)
      }
    }
    state.codes = [UInt32](repeating: ArrowTexts.unknown, count: state.offsets.count - 1)
    return state
  }

  private func codes(
    _ batch: ArrowFile.Batch, _ layout: ArrowField.Layout, _ state: inout State, _ start: Int, _ gaps: inout Gaps,
    _ dictionary: inout LocalDictionary, _ codes: inout [UInt32]
  ) throws {
    let buffer = try reader.buffer(1, of: batch, least: batch.rows * reader.width(layout))
    var row = start
    try reader.eachInteger(layout, batch, buffer) { index in
      defer { row += 1 }
      if gaps.isMissing(row) { return codes.append(0) }
      guard let place = Int(exactly: index), state.codes.indices.contains(place) else {
        throw fault("stands for text \(index), which is not there")
      }
      if state.codes[place] == ArrowTexts.unknown {
        if state.missing.contains(place) {
          gaps.add(row)
          return codes.append(0)
        }
        state.codes[place] = try state.bytes.withUnsafeBufferPointer { bytes in
          try code(UnsafeBufferPointer(rebasing: bytes[state.offsets[place]..<state.offsets[place + 1]]), &dictionary)
        }
      }
      codes.append(state.codes[place])
    }
  }

  // MARK: Times

  /// Times of day as `08:26:00`, with a fraction only where there is one.
  private func times(
    _ batch: ArrowFile.Batch, _ perSecond: Int64, _ start: Int, _ gaps: Gaps, _ dictionary: inout LocalDictionary,
    _ codes: inout [UInt32]
  ) throws {
    let buffer = try reader.buffer(1, of: batch, least: batch.rows * reader.width(field.layout))
    var known: [Int64: UInt32] = [:]
    var row = start
    try reader.eachInteger(field.layout, batch, buffer) { number in
      defer { row += 1 }
      if gaps.isMissing(row) { return codes.append(0) }
      if let code = known[number] { return codes.append(code) }
      guard number >= 0, number / perSecond <= 86_400 else { throw fault("has a time of day outside of the day") }
      var text = ArrowTexts.clock(number, perSecond)
      let code = try text.withUTF8 { try self.code($0, &dictionary) }
      known[number] = code
      codes.append(code)
    }
  }

  private static func clock(_ number: Int64, _ perSecond: Int64) -> String {
    let seconds = Int(number / perSecond)
    let clock = "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    let fraction = number % perSecond
    return fraction == 0 ? clock : "\(clock).\(String(perSecond + fraction).dropFirst())"
  }
}
