import Columnar

/// Finds the numbers that would stand at some places of a sorted sample, without sorting it.
enum NumberSelection {
  /// Samples up to this size, and numbers of up to two bytes, are counted at once.
  private static let smallSample = 1 << 20
  /// Numbers that are drawn to see where the wanted ones lie.
  private static let drawn = 1 << 16
  /// Numbers that are compared while they are in the cache.
  private static let blockSize = 4096

  /// The numbers at these places, the first being 0. A place is below the number of numbers.
  ///
  /// Of many numbers some are drawn at equal distances, which tell for each wanted place two limits that its number most
  /// probably lies between; one pass counts what lies below and keeps the few between them (after Floyd and Rivest 1975).
  /// Where that fails, all are counted.
  static func values<T: FixedWidthInteger & SignedInteger>(
    at ranks: [Int], of sample: UnsafeBufferPointer<T>
  ) -> [Int64] {
    guard MemoryLayout<T>.size == 4, sample.count > smallSample else { return counted(at: ranks, of: sample) }
    let brackets = Bracket.around(ranks, of: sample)
    let found = ranks.map { rank in brackets.first { $0.ranks.contains(rank) }?.value(at: rank) }
    if found.contains(where: { $0 == nil }) { return counted(at: ranks, of: sample) }
    return found.compactMap { $0 }
  }

  /// Two limits, and the numbers of a sample from the one to the other.
  private struct Bracket {
    let low: Int32
    let high: Int32
    /// How many numbers lie below the limits, and how many between them.
    var below = 0
    var between = 0
    /// The numbers between them, unless these are all the same.
    var members: [Int32] = []

    /// The places of the numbers between the limits.
    var ranks: Range<Int> { below..<below + between }

    func value(at rank: Int) -> Int64 {
      if low == high { return Int64(low) }
      return members.withUnsafeBufferPointer { counted(at: [rank - below], of: $0)[0] }
    }

    /// The brackets of wanted places; those of neighbouring places are one. None when so many numbers lie between the limits
    /// that nothing is gained.
    static func around<T: FixedWidthInteger & SignedInteger>(
      _ ranks: [Int], of sample: UnsafeBufferPointer<T>
    ) -> [Bracket] {
      let step = sample.count / drawn
      let few = (0..<drawn).map { Int32(truncatingIfNeeded: sample[$0 * step]) }
      // Four standard deviations of the place of a drawn number to both sides.
      let limits = ranks.flatMap { rank -> [Int] in
        let place = Double(rank) / Double(sample.count) * Double(drawn)
        let spread = 4 * (place * (1 - place / Double(drawn))).squareRoot() + 4
        return [max(0, Int(place - spread)), min(drawn - 1, Int(place + spread))]
      }
      let ends = few.withUnsafeBufferPointer { counted(at: limits, of: $0) }
      var pairs: [ClosedRange<Int32>] = []
      for place in ranks.indices {
        let (low, high) = (Int32(ends[2 * place]), Int32(ends[2 * place + 1]))
        if let known = pairs.firstIndex(where: { $0.contains(low) && high - low <= 2 * ($0.upperBound - $0.lowerBound) }
        ) {
          pairs[known] = pairs[known].lowerBound...max(pairs[known].upperBound, high)
        } else {
          pairs.append(low...high)
        }
      }
      var brackets = pairs.map { Bracket(low: $0.lowerBound, high: $0.upperBound) }
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize / 64) { words in
        guard let marks = words.baseAddress else { return }
        for start in stride(from: 0, to: sample.count, by: blockSize) {
          let block = UnsafeBufferPointer(rebasing: sample[start..<min(sample.count, start + blockSize)])
          for place in brackets.indices { brackets[place].take(block, marks) }
          if brackets.contains(where: { $0.members.count > sample.count / 4 }) { return brackets = [] }
        }
      }
      return brackets
    }

    private mutating func take<T: FixedWidthInteger & SignedInteger>(
      _ block: UnsafeBufferPointer<T>, _ marks: UnsafeMutablePointer<UInt64>
    ) {
      below += NumberMarks.between(low, high, of: block, into: marks)
      for word in 0..<(block.count + 63) / 64 where marks[word] != 0 {
        between += marks[word].nonzeroBitCount
        if low == high { continue }
        var rest = marks[word]
        while rest != 0 {
          members.append(Int32(truncatingIfNeeded: block[word << 6 | rest.trailingZeroBitCount]))
          rest &= rest &- 1
        }
      }
    }
  }

  /// The numbers that would stand at these places if the sample were sorted: counted by up to 65,536 steps between the smallest
  /// and the largest, and the few in a step of a wanted one once more (radix selection; Alabi et al. 2012).
  private static func counted<T: FixedWidthInteger & SignedInteger>(
    at ranks: [Int], of sample: UnsafeBufferPointer<T>
  ) -> [Int64] {
    var (low, high) = (T.max, T.min)
    for number in sample { (low, high) = (min(low, number), max(high, number)) }
    let span = UInt64(Int64(high) - Int64(low))
    let shift = UInt64(max(0, 48 - span.leadingZeroBitCount))
    let base = Int64(low)
    func step(_ number: T) -> Int { Int(UInt64(bitPattern: Int64(number) &- base) &>> shift) }
    var counts = [UInt32](repeating: 0, count: 65_536)
    counts.withUnsafeMutableBufferPointer { counts in
      for number in sample { counts[step(number)] &+= 1 }
    }
    let places = ranks.map { OrderStatistics.place(of: $0, in: counts) }
    if shift == 0 { return places.map { base + Int64($0.bucket) } }
    // The lists of the wanted steps are filled in one pass; list 0 is for all other steps.
    let wanted = Set(places.map(\.bucket)).sorted()
    var listOf = [UInt8](repeating: 0, count: 65_536)
    var lists = [[T]](repeating: [], count: wanted.count + 1)
    for (number, bucket) in wanted.enumerated() {
      listOf[bucket] = UInt8(number + 1)
      lists[number + 1].reserveCapacity(Int(counts[bucket]))
    }
    listOf.withUnsafeBufferPointer { listOf in
      for number in sample {
        let list = listOf[step(number)]
        if list != 0 { lists[Int(list)].append(number) }
      }
    }
    return places.map { place in
      lists[Int(listOf[place.bucket])].withUnsafeBufferPointer { counted(at: [place.rank], of: $0)[0] }
    }
  }
}
