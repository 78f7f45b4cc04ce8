import Columnar

/// A column that workers fill at places of their own, without locks.
///
/// The buffer is taken at its largest possible size: pages that nothing is written to cost nothing.
final class ColumnSink {
  private let info: ColumnInfo
  /// The one of these arrays that the type calls for is the buffer. Nobody else has it until it is finished, so that it
  /// stays where it is.
  private var longs: [Int64] = []
  private var reals: [Double] = []
  private var codes: [UInt32] = []
  private var bools: [Bool] = []
  private var days: [Int32] = []
  private let base: UnsafeMutableRawPointer
  /// The validity bits of each part, nil where a part has no missing row; a part is written by one worker.
  private let partBits: UnsafeMutablePointer<[UInt64]?>
  private let partCount: Int

  init(_ info: ColumnInfo, capacity: Int, parts: Int) {
    self.info = info
    partCount = max(1, parts)
    partBits = .allocate(capacity: partCount)
    partBits.initialize(repeating: nil, count: partCount)
    switch info.field.type.physical {
    case .int64: (longs, base) = ColumnSink.buffer(capacity)
    case .double: (reals, base) = ColumnSink.buffer(capacity)
    case .code: (codes, base) = ColumnSink.buffer(capacity)
    case .bool: (bools, base) = ColumnSink.buffer(capacity)
    case .int32: (days, base) = ColumnSink.buffer(capacity)
    }
  }

  deinit {
    partBits.deinitialize(count: partCount)
    partBits.deallocate()
  }

  /// An array of trivial values with arbitrary contents, and the address of its first value.
  private static func buffer<T: BitwiseCopyable>(_ count: Int) -> ([T], UnsafeMutableRawPointer) {
    var base = UnsafeMutableRawPointer(bitPattern: MemoryLayout<T>.alignment)
    let values = [T](unsafeUninitializedCapacity: max(1, count)) { buffer, initialized in
      base = buffer.baseAddress.map { UnsafeMutableRawPointer($0) } ?? base
      initialized = max(1, count)
    }
    return (values, base ?? UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64))
  }

  /// Copies a vector's first rows to their place in the column.
  func write(_ vector: Vector, count: Int, at row: Int, part: Int) {
    let width = info.field.type.width
    (base + row * width).copyMemory(from: vector.base, byteCount: count * width)
    if let validity = vector.validity {
      partBits[part] = Array(UnsafeBufferPointer(start: validity, count: (count + 63) / 64))
    }
  }

  /// The column with so many rows; `counts` are the rows of each part in order.
  func finish(rows: Int, counts: [Int]) -> Column {
    var validity: Bitmap?
    if (0..<partCount).contains(where: { partBits[$0] != nil }) {
      var builder = BitBuilder(capacity: rows)
      for (part, count) in counts.enumerated() { builder.append(partBits[part], count) }
      validity = Bitmap(words: builder.words, count: rows)
    }
    return DictionaryCompaction.compacted(Column(storage(rows), validity: validity))
  }

  private func storage(_ rows: Int) -> Column.Storage {
    switch info.field.type {
    case .integer:
      ColumnSink.cut(&longs, rows)
      return .integer(longs)
    case .datetime:
      ColumnSink.cut(&longs, rows)
      return .datetime(longs)
    case .real:
      ColumnSink.cut(&reals, rows)
      return .real(reals)
    case .text:
      ColumnSink.cut(&codes, rows)
      return .text(codes: codes, info.dictionary ?? TextDictionary([String]()))
    case .boolean:
      ColumnSink.cut(&bools, rows)
      return .boolean(bools)
    case .date:
      ColumnSink.cut(&days, rows)
      return .date(days)
    case .period(let grain):
      ColumnSink.cut(&days, rows)
      return .period(days, grain)
    }
  }

  /// Drops what was not filled. A buffer that is mostly empty is copied, so that it does not hold on to memory.
  private static func cut<T>(_ values: inout [T], _ rows: Int) {
    guard rows < values.count else { return }
    if rows * 2 < values.count { values = Array(values[0..<rows]) } else { values.removeLast(values.count - rows) }
  }
}

/// Bits appended in pieces of any length.
struct BitBuilder {
  private(set) var words: [UInt64]
  private var count = 0

  init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64 + 1) }

  /// Appends the first `length` bits; nil stands for set bits.
  mutating func append(_ bits: [UInt64]?, _ length: Int) {
    var done = 0
    while done < length {
      let piece = min(64, length - done)
      var word = bits.map { $0[done >> 6] } ?? ~0
      if piece < 64 { word &= (1 << UInt64(piece)) - 1 }
      let (place, shift) = (count >> 6, UInt64(count & 63))
      words[place] |= word << shift
      if shift != 0, place + 1 < words.count { words[place + 1] |= word >> (64 - shift) }
      count += piece
      done += piece
    }
  }
}

/// Small results do not drag along the dictionary of the table that they come from.
enum DictionaryCompaction {
  static func compacted(_ column: Column) -> Column {
    guard let dictionary = column.dictionary, dictionary.count > 256, column.count * 4 < dictionary.count,
      case .text(let codes, _) = column.storage
    else { return column }
    var newCodes: [UInt32: UInt32] = [:]
    var bytes: [UInt8] = []
    var offsets: [UInt32] = [0]
    var result = [UInt32](repeating: 0, count: codes.count)
    for (row, code) in codes.enumerated() where !column.isMissing(row) {
      if let known = newCodes[code] {
        result[row] = known
      } else {
        let new = UInt32(offsets.count - 1)
        newCodes[code] = new
        dictionary.withBytes(of: Int(code)) { bytes.append(contentsOf: $0) }
        offsets.append(UInt32(truncatingIfNeeded: bytes.count))
        result[row] = new
      }
    }
    return Column(.text(codes: result, TextDictionary(bytes: bytes, offsets: offsets)), validity: column.validity)
  }
}
