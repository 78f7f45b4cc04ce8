/// Makes a column of the buffers that some record batches have for it; no other buffer is read.
struct ArrowColumn {
  let file: ArrowFile
  let field: ArrowField
  /// The numbers of the column's first node and buffer, and of its first entry among the counts of views.
  let node: Int
  let buffer: Int
  let variadic: Int

  private var name: String { field.name }

  private func fault(_ found: String) -> BinaryFault { BinaryFault(place: "column `\(name)`", found: found) }

  /// The rows of some batches. Throws `BinaryFault`, `SourceError` or `Cancelled`.
  func column(_ batches: ArraySlice<ArrowFile.Batch>, _ cancellation: Cancellation) throws -> Column {
    let rows = batches.reduce(0) { $0 + $1.rows }
    var gaps = Gaps(rows)
    var start = 0
    switch field.type {
    case .integer?, .date?, .datetime?:
      var values: [Int64] = []
      values.reserveCapacity(rows)
      for batch in batches {
        try cancellation.check()
        try numbers(batch, start, &gaps, &values)
        start += batch.rows
      }
      let validity = gaps.validity
      switch field.type {
      case .date?: return Column(ColumnLanes.packedMoments(values, areDays: true), validity: validity)
      case .datetime?: return Column(ColumnLanes.packedMoments(values, areDays: false), validity: validity)
      default: return Column(ColumnLanes.packed(values, .whole), validity: validity)
      }
    case .real?:
      var values: [Double] = []
      values.reserveCapacity(rows)
      for batch in batches {
        try cancellation.check()
        try reals(batch, start, &gaps, &values)
        start += batch.rows
      }
      return ColumnLanes.packedDecimals(values).map { Column($0, validity: gaps.validity) }
        ?? Column(.real(values), validity: gaps.validity)
    case .boolean?:
      var values: [Bool] = []
      for batch in batches {
        try cancellation.check()
        let bits = try data(batch, start, &gaps, least: (batch.rows + 7) / 8)
        for row in 0..<batch.rows { values.append(bits.bit(row)) }
        start += batch.rows
      }
      return Column(.boolean(values), validity: gaps.validity)
    default: return try ArrowTexts(self).column(batches, rows, cancellation)
    }
  }

  // MARK: Buffers

  /// The column's own buffer: 0 is validity.
  func buffer(_ number: Int, of batch: ArrowFile.Batch, least: Int) throws -> ArrowBuffer {
    var shift = 0
    for (place, count) in batch.variadics.prefix(variadic).enumerated() {
      guard let count = Int(exactly: count[0]), count >= 0, count < 1 << 20 else {
        throw fault("has \(count[0]) buffers of texts in view \(place)")
      }
      shift += count
    }
    return try file.buffer(buffer + shift + number, of: batch, least: least, name)
  }

  /// Notes the missing rows of a batch.
  func readGaps(_ batch: ArrowFile.Batch, _ start: Int, _ gaps: inout Gaps) throws {
    guard batch.nodes.indices.contains(node), batch.nodes[node][0] == Int64(batch.rows) else {
      throw fault("has another number of rows than its record batch")
    }
    if batch.nodes[node][1] == 0 { return }
    let bits = try buffer(0, of: batch, least: 0)
    // Without a buffer no row is missing.
    if bits.count == 0 { return }
    if bits.count < (batch.rows + 7) / 8 { throw fault("says of too few rows whether they are missing") }
    for row in 0..<batch.rows where !bits.bit(row) { gaps.add(start + row) }
  }

  private func data(_ batch: ArrowFile.Batch, _ start: Int, _ gaps: inout Gaps, least: Int) throws -> ArrowBuffer {
    try readGaps(batch, start, &gaps)
    return try buffer(1, of: batch, least: least)
  }

  /// Whole numbers of any width.
  func eachInteger(
    _ layout: ArrowField.Layout, _ batch: ArrowFile.Batch, _ buffer: ArrowBuffer, _ body: (Int64) throws -> Void
  ) throws {
    let rows = batch.rows
    switch layout {
    case .integer(8, true): for row in 0..<rows { try body(Int64(buffer.number(row, as: Int8.self))) }
    case .integer(16, true): for row in 0..<rows { try body(Int64(buffer.number(row, as: Int16.self))) }
    case .integer(32, true), .days, .time(32, _):
      for row in 0..<rows { try body(Int64(buffer.number(row, as: Int32.self))) }
    case .integer(8, false): for row in 0..<rows { try body(Int64(buffer.number(row, as: UInt8.self))) }
    case .integer(16, false): for row in 0..<rows { try body(Int64(buffer.number(row, as: UInt16.self))) }
    case .integer(32, false): for row in 0..<rows { try body(Int64(buffer.number(row, as: UInt32.self))) }
    default: for row in 0..<rows { try body(buffer.number(row, as: Int64.self)) }
    }
  }

  /// Bytes of one value of a layout.
  func width(_ layout: ArrowField.Layout) -> Int {
    switch layout {
    case .integer(let bits, _), .real(let bits), .time(let bits, _), .decimal(let bits, _, _): bits / 8
    case .days: 4
    default: 8
    }
  }

  // MARK: Numbers

  private func numbers(_ batch: ArrowFile.Batch, _ start: Int, _ gaps: inout Gaps, _ values: inout [Int64]) throws {
    let least = batch.rows.multipliedReportingOverflow(by: width(field.layout))
    let buffer = try data(batch, start, &gaps, least: least.overflow ? Int.max : least.partialValue)
    let first = values.count
    switch field.layout {
    case .decimal(let bits, _, _):
      // Up to 18 digits, whatever their width.
      for row in 0..<batch.rows {
        values.append(
          bits == 32
            ? Int64(buffer.number(row, as: Int32.self)) : Int64(truncatingIfNeeded: wide(buffer, row, bits)))
      }
    default: try eachInteger(field.layout, batch, buffer) { values.append($0) }
    }
    switch field.layout {
    case .integer(64, false):
      for place in first..<values.count where values[place] < 0 && !gaps.isMissing(start + place - first) {
        throw SourceError.unsupported(
          path: file.path, feature: "the number \(UInt64(bitPattern: values[place])) in column `\(name)`",
          advice: "numbers may go up to \(Int64.max): have the column written as text or as real numbers")
      }
    case .days: try scale(&values, first, start, gaps, times: Timestamp.perDay)
    case .dayMilliseconds: try scale(&values, first, start, gaps, times: 1000)
    case .timestamp(let perSecond):
      if perSecond <= 1_000_000 {
        try scale(&values, first, start, gaps, times: 1_000_000 / perSecond)
      } else {
        // The microsecond before, also before 1970.
        for place in first..<values.count {
          let (whole, rest) = values[place].quotientAndRemainder(dividingBy: perSecond / 1_000_000)
          values[place] = rest < 0 ? whole - 1 : whole
        }
      }
    default: break
    }
  }

  private func scale(_ values: inout [Int64], _ first: Int, _ start: Int, _ gaps: Gaps, times factor: Int64) throws {
    for place in first..<values.count {
      let (product, isFar) = values[place].multipliedReportingOverflow(by: factor)
      let isDay = field.type == .date && abs(product / Timestamp.perDay) > Int64(Int32.max)
      if isFar || isDay {
        guard gaps.isMissing(start + place - first) else {
          throw SourceError.unsupported(
            path: file.path, feature: "a moment hundreds of thousands of years away in column `\(name)`",
            advice: "leave the column out: columns=[…] names those to read")
        }
        values[place] = 0
      } else {
        values[place] = product
      }
    }
  }

  private func wide(_ buffer: ArrowBuffer, _ row: Int, _ bits: Int) -> Int128 {
    switch bits {
    case 32: return Int128(buffer.number(row, as: Int32.self))
    case 64: return Int128(buffer.number(row, as: Int64.self))
    default:
      let low = Int128(buffer.number(2 * row, as: UInt64.self))
      return Int128(buffer.number(2 * row + 1, as: Int64.self)) << 64 | low
    }
  }

  private func reals(_ batch: ArrowFile.Batch, _ start: Int, _ gaps: inout Gaps, _ values: inout [Double]) throws {
    let least = batch.rows.multipliedReportingOverflow(by: width(field.layout))
    let buffer = try data(batch, start, &gaps, least: least.overflow ? Int.max : least.partialValue)
    for row in 0..<batch.rows {
      var value: Double
      switch field.layout {
      case .real(16): value = ArrowColumn.half(buffer.number(row, as: UInt16.self))
      case .real(32): value = Double(buffer.number(row, as: Float.self))
      case .decimal(let bits, let scale, _):
        let number = Double(wide(buffer, row, bits))
        let power = abs(scale) <= 22 ? NumberParser.powers[abs(scale)] : ArrowColumn.power(abs(scale))
        value = scale < 0 ? number * power : number / power
      case .duration(let perSecond): value = Double(buffer.number(row, as: Int64.self)) / Double(perSecond)
      default: value = buffer.number(row, as: Double.self)
      }
      // Not a number is how other programs say missing.
      if value.isNaN {
        value = 0
        gaps.add(start + row)
      }
      values.append(value)
    }
  }

  private static func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { power, _ in power * 10 } }

  /// The number of 16 bits of IEEE 754.
  static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return sign * fraction / 16_777_216
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }
}

/// The rows without a value, while a column is being read.
struct Gaps {
  private let rows: Int
  private var words: [UInt64] = []

  init(_ rows: Int) { self.rows = rows }

  mutating func add(_ row: Int) {
    if words.isEmpty { words = [UInt64](repeating: ~0, count: (rows + 63) / 64) }
    words[row >> 6] &= ~(1 << UInt64(row & 63))
  }

  func isMissing(_ row: Int) -> Bool { !words.isEmpty && words[row >> 6] >> UInt64(row & 63) & 1 == 0 }

  var validity: Bitmap? { words.isEmpty ? nil : Bitmap(words: words, count: rows) }
}
