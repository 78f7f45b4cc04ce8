import Columnar
import Query

/// `count_distinct` of values with small codes, when a bit for each group and code fits into memory.
final class DistinctBitsAccumulator: Accumulator {
  private let bits: Cells<UInt64>
  private let coder: any KeyCoder
  private let wordsPerSlot: Int
  private let scratch = Scratch()

  init(slots: Int, coder: any KeyCoder) {
    self.coder = coder
    wordsPerSlot = DistinctBitsAccumulator.words(coder)
    bits = Cells(slots * wordsPerSlot, filledWith: 0)
  }

  /// Words of state for each slot.
  static func words(_ coder: any KeyCoder) -> Int { (coder.domain + 1 + 63) / 64 }

  func update(_ rows: AccumulatorRows) {
    scratch.reset()
    let codes = coder.encode(rows.arguments[0], rows.count, scratch)
    let (base, words) = (bits.base, wordsPerSlot)
    guard let slots = rows.slots else {
      for i in 0..<rows.count { base[Int(codes[i] >> 6)] |= 1 << UInt64(codes[i] & 63) }
      return
    }
    // Rows that repeat the one before, as the lines of an order do, change nothing.
    var (lastSlot, lastCode) = (UInt32.max, UInt32.max)
    for i in 0..<rows.count {
      let (slot, code) = (slots[i], codes[i])
      if slot == lastSlot, code == lastCode { continue }
      (lastSlot, lastCode) = (slot, code)
      base[Int(slot) &* words &+ Int(code >> 6)] |= 1 << UInt64(code & 63)
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? DistinctBitsAccumulator else { return }
    for slot in groups.order {
      let start = Int(slot) * wordsPerSlot
      for w in start..<start + wordsPerSlot { bits.base[w] |= later.bits.base[w] }
    }
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    let counts = groups.map { slot -> Int64 in
      let start = Int(slot) * wordsPerSlot
      return (start..<start + wordsPerSlot).reduce(into: Int64(0)) { $0 += Int64(bits.base[$1].nonzeroBitCount) }
    }
    return Column(.integer(counts))
  }
}

/// `count_distinct` of values with codes that mostly belong to one group each, as an invoice does to one customer: the
/// owner of each code is remembered, and only codes that turn up in a second group are listed.
final class DistinctOwnerAccumulator: Accumulator {
  /// For each code the slot of its owner and one more; zero as long as nobody has it.
  private let owners: Cells<UInt32>
  /// The codes that somebody has lie between these: those of one part of a file stand together.
  private var (low, high) = (UInt32.max, UInt32.min)
  /// How many codes each slot owns.
  private let counts: Cells<Int64>
  private let coder: any KeyCoder
  private let last: UInt32
  /// Group and code of what was found outside its owner's group; with repeats.
  private var strays: [UInt64] = []
  private let scratch = Scratch()

  init(slots: Int, coder: any KeyCoder) {
    self.coder = coder
    owners = Cells(sparse: coder.domain + 1)
    counts = Cells(slots, filledWith: 0)
    last = UInt32(slots - 1)
  }

  func update(_ rows: AccumulatorRows) {
    scratch.reset()
    let codes = coder.encode(rows.arguments[0], rows.count, scratch)
    let base = owners.base
    let last = last
    // Rows that repeat the one before, as the lines of an order do, change nothing.
    var (lastSlot, lastCode) = (UInt32.max, UInt32.max)
    for i in 0..<rows.count {
      let (slot, code) = (rows.slots?[i] ?? 0, codes[i])
      if slot == lastSlot, code == lastCode { continue }
      (lastSlot, lastCode) = (slot, code)
      let owner = base[Int(code)]
      if owner == slot &+ 1 || slot == last { continue }
      if owner == 0 {
        base[Int(code)] = slot &+ 1
        counts[slot] &+= 1
        (low, high) = (min(low, code), max(high, code))
      } else {
        let stray = UInt64(slot) << 32 | UInt64(code)
        if strays.last != stray { strays.append(stray) }
      }
    }
    if strays.count > 1 << 20 { removeRepeats() }
  }

  private var nextCleaning = 1 << 20

  /// Keeps the list from growing with the rows when few pairs repeat often.
  private func removeRepeats() {
    guard strays.count > nextCleaning else { return }
    strays.sort()
    strays = strays.withoutNeighbouringRepeats
    nextCleaning = Swift.max(1 << 20, strays.count * 2)
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? DistinctOwnerAccumulator else { return }
    let (mine, theirs) = (owners.base, later.owners.base)
    for slot in groups.order { counts[slot] += later.counts[slot] }
    for code in later.codes where theirs[code] != 0 {
      if mine[code] == 0 {
        mine[code] = theirs[code]
        continue
      }
      // Both have counted it. If it is not the same group's, it is as if it had been met here after the other's.
      counts[theirs[code] - 1] -= 1
      if mine[code] != theirs[code] { strays.append(UInt64(theirs[code] - 1) << 32 | UInt64(code)) }
    }
    (low, high) = (min(low, later.low), max(high, later.high))
    strays.append(contentsOf: later.strays)
  }

  /// The codes of which some have an owner.
  private var codes: Range<Int> { low <= high ? Int(low)..<Int(high) + 1 : 0..<0 }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    let owners = owners.base
    strays.removeAll { owners[Int($0 & 0xFFFF_FFFF)] == UInt32($0 >> 32) + 1 }
    if strays.count < 1 << 16 {
      strays.sort()
      for stray in strays.withoutNeighbouringRepeats { counts[UInt32(stray >> 32)] += 1 }
    } else {
      let pairs = try strays.withUnsafeBufferPointer { strays in
        try strays.baseAddress.map { try Factorizer.run($0, validity: nil, rows: strays.count, context) }
      }
      for row in pairs?.firstRows ?? [] { counts[UInt32(strays[Int(row)] >> 32)] += 1 }
    }
    return Column(.integer(groups.map { counts[$0] }))
  }
}

extension Array where Element: Equatable {
  /// One of each run of equal elements.
  var withoutNeighbouringRepeats: [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for element in self where result.last != element { result.append(element) }
    return result
  }
}
