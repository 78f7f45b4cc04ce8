/// Reads numbers of a few bits each that are written as runs of one number or packed in groups of eight (Parquet's hybrid of
/// run lengths and bit packing).
struct HybridDecoder {
  private var bytes: EncodedBytes
  private let width: Int
  /// Numbers left of the run.
  private var left = 0
  private var isPacked = false
  /// The number that is repeated.
  private var value: UInt32 = 0
  /// The bit where the next packed number begins.
  private var bit = 0

  init(_ bytes: EncodedBytes, width: Int) throws(ParquetFault) {
    guard (0...32).contains(width) else { throw .damaged("has a page with numbers of \(width) bits") }
    self.bytes = bytes
    self.width = width
  }

  /// Numbers that are nothing but packed, as truth values are when they are written plainly.
  init(packed bytes: EncodedBytes, width: Int) {
    self.bytes = bytes
    self.width = width
    isPacked = true
    left = bytes.count * 8 / max(1, width)
    self.bytes.place = bytes.count
  }

  private mutating func begin() throws(ParquetFault) {
    while left == 0 {
      guard bytes.left > 0 else { throw .damaged("has a page with fewer values than it announces") }
      let head = try bytes.varint()
      guard let count = Int(exactly: head >> 1), count <= Int(Int32.max) else {
        throw .damaged("has a page with a run of absurd length")
      }
      isPacked = head & 1 == 1
      if isPacked {
        bit = bytes.place * 8
        // The last group may be cut short behind the last value that counts.
        let taken = min(count * width, bytes.left)
        left = width == 0 ? count * 8 : min(count * 8, taken * 8 / width)
        bytes.place += taken
      } else {
        let size = (width + 7) / 8
        let four = try bytes.take(size)
        value = 0
        for i in 0..<size { value |= UInt32(four.base.load(fromByteOffset: i, as: UInt8.self)) << UInt32(8 * i) }
        if width < 32, value >> UInt32(width) != 0 { throw .damaged("has a run of a number with too many bits") }
        left = count
      }
    }
  }

  /// Writes the next numbers.
  mutating func read(_ count: Int, into out: UnsafeMutablePointer<UInt32>) throws(ParquetFault) {
    var done = 0
    while done < count {
      if left == 0 { try begin() }
      let taken = min(left, count - done)
      if !isPacked {
        (out + done).update(repeating: value, count: taken)
      } else if width == 0 {
        (out + done).update(repeating: 0, count: taken)
      } else {
        BitUnpacking.unpack(bytes.base, bit: bit, width: width, count: taken, into: out + done)
        bit += taken * width
      }
      left -= taken
      done += taken
    }
  }

  /// Sets the bits from `start` on for numbers of one bit, and gives how many are set. The bits must be clear before.
  mutating func readBits(
    _ count: Int, into words: UnsafeMutablePointer<UInt64>, at start: Int
  ) throws(ParquetFault) -> Int {
    var (done, set) = (0, 0)
    while done < count {
      if left == 0 { try begin() }
      var taken = min(left, count - done)
      if isPacked {
        // As many as one load gives whatever bit it begins at.
        taken = min(taken, 56)
        let word = bytes.base.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self).littleEndian
        let bits = width == 0 ? 0 : word >> UInt64(bit & 7) & ((1 << UInt64(taken)) &- 1)
        HybridDecoder.put(bits, taken, words, start + done)
        set += bits.nonzeroBitCount
        bit += taken * width
      } else if value != 0 {
        set += taken
        HybridDecoder.setBits(taken, words, at: start + done)
      }
      left -= taken
      done += taken
    }
    return set
  }

  /// Sets some bits.
  static func setBits(_ count: Int, _ words: UnsafeMutablePointer<UInt64>, at start: Int) {
    var place = start
    let end = start + count
    while place < end {
      let some = min(64 - place & 63, end - place)
      words[place >> 6] |= (some == 64 ? ~0 : (1 << UInt64(some)) &- 1) << UInt64(place & 63)
      place += some
    }
  }

  @inline(__always)
  private static func put(_ bits: UInt64, _ count: Int, _ words: UnsafeMutablePointer<UInt64>, _ place: Int) {
    let shift = UInt64(place & 63)
    words[place >> 6] |= bits << shift
    if Int(shift) + count > 64 { words[place >> 6 + 1] |= bits >> (64 - shift) }
  }
}
