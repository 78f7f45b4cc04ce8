import CScan

/// Which of some numbers lie between two limits, found by wide instructions.
public enum NumberMarks {
  /// Sets a bit for each number from `low` to `high`, both included, 64 numbers a word from the lowest bit on; the rest of the
  /// last word is zero. `words` has room for all. Gives how many of the numbers lie below `low`. Limits beyond the width of the
  /// numbers are allowed.
  @discardableResult
  public static func between<T: FixedWidthInteger & SignedInteger>(
    _ low: Int32, _ high: Int32, of numbers: UnsafeBufferPointer<T>, into words: UnsafeMutablePointer<UInt64>
  ) -> Int {
    guard let base = numbers.baseAddress, MemoryLayout<T>.size <= 4 else { return 0 }
    // Nothing is smaller than the least number of a width: such limits can be moved to where the quick way takes them.
    let (least, most) = (Int32(truncatingIfNeeded: T.min), Int32(truncatingIfNeeded: T.max))
    if low > most || high < least || low > high {
      words.update(repeating: 0, count: (numbers.count + 63) / 64)
      return low > most ? numbers.count : low <= least ? 0 : numbers.count { Int32(truncatingIfNeeded: $0) < low }
    }
    return martlet_mark_between(
      base, UInt32(MemoryLayout<T>.size), numbers.count, max(low, least), min(high, most), words)
  }
}

extension Bitmap {
  /// Calls the closure with the place of each bit that is set, rising.
  @inlinable public func eachPlace(_ body: (Int) -> Void) {
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        body(index << 6 | rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }

  /// The places of the bits that are set, rising.
  public var places: [Int] {
    var places: [Int] = []
    places.reserveCapacity(population)
    eachPlace { places.append($0) }
    return places
  }
}
