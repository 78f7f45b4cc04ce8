/// The bytes of a page while it is written, with the encodings that are used for writing.
struct PageBytes {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  init(reserving count: Int = 0) { bytes.reserveCapacity(count) }

  /// Adds the bytes of a number, lowest first.
  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Adds bytes.
  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  /// Adds numbers as they lie in memory.
  mutating func append<T: BitwiseCopyable>(plain values: UnsafeBufferPointer<T>) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(values))
  }

  /// Adds numbers of `width` bits each, least significant bit first, up to a whole byte.
  private mutating func pack(_ count: Int, width: Int, _ value: (Int) -> UInt64) {
    if width == 0 { return }
    var word: UInt64 = 0
    var used = 0
    for i in 0..<count {
      let next = value(i)
      word |= next << UInt64(used)
      used += width
      if used >= 64 {
        append(word)
        used -= 64
        // A shift by 64 gives 0, as it should.
        word = next >> UInt64(width - used)
      }
    }
    while used > 0 {
      bytes.append(UInt8(truncatingIfNeeded: word))
      word >>= 8
      used -= 8
    }
  }

  // MARK: Run lengths and bit packing

  /// Numbers of `width` bits as runs of one number where it stands often enough, and packed otherwise.
  mutating func hybrid(_ codes: UnsafeBufferPointer<UInt32>, width: Int) {
    var (place, packedFrom) = (0, 0)
    while place < codes.count {
      var end = place + 1
      while end < codes.count, codes[end] == codes[place] { end += 1 }
      // What is packed comes in eights, so that a run gives some of its numbers to fill the last one.
      let toFill = (8 - (place - packedFrom) & 7) & 7
      if end - place - toFill >= 16 {
        place += toFill
        packed(codes, packedFrom..<place, width)
        bytes.append(varint: UInt64(end - place) << 1)
        for byte in 0..<((width + 7) / 8) { bytes.append(UInt8(truncatingIfNeeded: codes[place] >> UInt32(8 * byte))) }
        packedFrom = end
      }
      place = end
    }
    packed(codes, packedFrom..<codes.count, width)
  }

  private mutating func packed(_ codes: UnsafeBufferPointer<UInt32>, _ range: Range<Int>, _ width: Int) {
    if range.isEmpty { return }
    let groups = (range.count + 7) / 8
    bytes.append(varint: UInt64(groups) << 1 | 1)
    let start = range.lowerBound
    pack(groups * 8, width: width) { start + $0 < range.upperBound ? UInt64(codes[start + $0]) : 0 }
  }

  /// Which of some rows have a value, behind the length of that: `words` begin with the first row's bit.
  mutating func levels(_ words: ArraySlice<UInt64>, rows: Int, present: Int) {
    var levels = PageBytes()
    if present == rows || present == 0 {
      levels.bytes.append(varint: UInt64(rows) << 1)
      levels.bytes.append(present == 0 ? 0 : 1)
    } else {
      let groups = (rows + 7) / 8
      levels.bytes.append(varint: UInt64(groups) << 1 | 1)
      for word in words { levels.append(word) }
      levels.bytes.removeLast(words.count * 8 - groups)
    }
    append(UInt32(truncatingIfNeeded: levels.count))
    append(levels.bytes)
  }

  /// Truth values, eight a byte.
  mutating func bits(_ values: UnsafeBufferPointer<Bool>) { pack(values.count, width: 1) { values[$0] ? 1 : 0 } }

  // MARK: Differences

  /// Whole numbers as packed differences, in blocks of 128 of four pieces each. Differences of numbers of 32 bits have no
  /// more bits: they are taken round the corner.
  mutating func delta(_ values: UnsafeBufferPointer<Int64>, isNarrow: Bool) {
    let mask: UInt64 = isNarrow ? 0xffff_ffff : ~0
    bytes.append(varint: 128)
    bytes.append(varint: 4)
    bytes.append(varint: UInt64(values.count))
    bytes.append(zigzag: values.first ?? 0)
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 128) { steps in
      var place = 1
      while place < values.count {
        let count = min(128, values.count - place)
        for i in 0..<count {
          let step = values[place + i] &- values[place + i - 1]
          steps[i] = isNarrow ? Int64(Int32(truncatingIfNeeded: step)) : step
        }
        let least = steps[0..<count].min() ?? 0
        for i in count..<max(count, 128) { steps[i] = least }
        bytes.append(zigzag: least)
        let widths = (0..<4).map { piece -> Int in
          var all: UInt64 = 0
          for i in (piece * 32)..<(piece * 32 + 32) { all |= UInt64(bitPattern: steps[i] &- least) & mask }
          return 64 - all.leadingZeroBitCount
        }
        for width in widths { bytes.append(UInt8(width)) }
        for piece in 0..<4 where piece * 32 < count {
          pack(32, width: widths[piece]) { UInt64(bitPattern: steps[piece * 32 + $0] &- least) & mask }
        }
        place += count
      }
    }
  }
}
