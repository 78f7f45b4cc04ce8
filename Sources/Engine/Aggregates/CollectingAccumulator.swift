import Columnar
import Query

/// Aggregates that need all values of a group side by side: quantiles, the mode, and distinct values without codes.
///
/// Values are kept as unsigned numbers of their order, so that one piece of code serves all types.
final class CollectingAccumulator: Accumulator {
  /// What is made of the values of one group.
  enum Purpose {
    /// The quantile of type 7 of Hyndman and Fan (1996) at this share, of real numbers.
    case quantile(Double)
    case countDistinct
    /// The most frequent value, the smallest of several.
    case mode
  }

  private let purpose: Purpose
  private let type: DataType
  private let dictionary: TextDictionary?
  private let order: TextOrder?
  private let last: UInt32
  private var slots: [UInt32] = []
  private var values: [UInt64] = []
  private let scratch = Scratch()

  init(slots: Int, _ type: DataType, _ purpose: Purpose, _ dictionary: TextDictionary?, _ order: TextOrder?) {
    self.purpose = purpose
    self.type = type
    self.dictionary = dictionary
    self.order = order
    last = UInt32(slots - 1)
  }

  func update(_ rows: AccumulatorRows) {
    scratch.reset()
    let bits = scratch.allocate(rows.count, of: UInt64.self)
    OrderedBits.fill(bits, rows.arguments[0], type, 0..<rows.count)
    guard let groups = rows.slots else {
      slots.append(contentsOf: repeatElement(0, count: rows.count))
      values.append(contentsOf: UnsafeBufferPointer(start: bits, count: rows.count))
      return
    }
    let kept = scratch.allocate(rows.count + 1, of: UInt32.self)
    var count = 0
    for i in 0..<rows.count {
      kept[count] = groups[i]
      bits[count] = bits[i]
      count &+= groups[i] == last ? 0 : 1
    }
    slots.append(contentsOf: UnsafeBufferPointer(start: kept, count: count))
    values.append(contentsOf: UnsafeBufferPointer(start: bits, count: count))
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? CollectingAccumulator else { return }
    slots.append(contentsOf: later.slots)
    values.append(contentsOf: later.values)
    later.slots = []
    later.values = []
  }

  func finish(_ groups: [UInt32], _ met: MetGroups, _ context: ExecutionContext) throws -> Column {
    var (starts, sorted) = sortedByGroup()
    slots = []
    values = []
    return try sorted.withUnsafeMutableBufferPointer { sorted in
      switch purpose {
      case .quantile(let share):
        let found = try each(groups, starts, sorted, context) { Selection.quantile($0, share).bitPattern }
        return Column(.real(found.map { Double(bitPattern: $0.bits) }), validity: Bitmap(found.map(\.isPresent)))
      case .countDistinct:
        let found = try each(groups, starts, sorted, context) { values in
          values.sort()
          var count: UInt64 = values.isEmpty ? 0 : 1
          for i in values.indices.dropFirst() where values[i] != values[i - 1] { count += 1 }
          return count
        }
        starts = []
        return Column(.integer(found.map { Int64($0.bits) }))
      case .mode:
        let found = try each(groups, starts, sorted, context) { Selection.mode(&$0) ?? 0 }
        let cells = RawCells(found.count, type, filledWith: 0)
        for (place, entry) in found.enumerated() { write(entry.bits, to: cells, place) }
        return cells.column(
          Array(0..<UInt32(found.count)), validity: Bitmap(found.map(\.isPresent)), dictionary, codes: order?.codes)
      }
    }
  }

  /// The value of ordered bits, in its physical form.
  private func write(_ bits: UInt64, to cells: RawCells, _ place: Int) {
    switch type.physical {
    case .int64: cells.cells(of: Int64.self)[place] = OrderedBits.whole(bits)
    case .int32: cells.cells(of: Int32.self)[place] = Int32(truncatingIfNeeded: OrderedBits.whole(bits))
    case .double: cells.cells(of: Double.self)[place] = OrderedBits.real(bits)
    case .code: cells.cells(of: UInt32.self)[place] = UInt32(truncatingIfNeeded: bits)
    case .bool: cells.cells(of: UInt8.self)[place] = UInt8(truncatingIfNeeded: bits)
    }
  }

  /// A counting sort by group: where each group begins, and the values group after group.
  private func sortedByGroup() -> (starts: [Int], values: [UInt64]) {
    var starts = [Int](repeating: 0, count: Int(last) + 2)
    for slot in slots { starts[Int(slot) + 1] += 1 }
    for slot in 0...Int(last) { starts[slot + 1] += starts[slot] }
    var next = starts
    let sorted = [UInt64](unsafeUninitializedCapacity: values.count) { sorted, count in
      next.withUnsafeMutableBufferPointer { next in
        for (i, slot) in slots.enumerated() {
          sorted[next[Int(slot)]] = values[i]
          next[Int(slot)] += 1
        }
      }
      count = values.count
    }
    return (starts, sorted)
  }

  private struct Found: BitwiseCopyable {
    var bits: UInt64
    var isPresent: Bool
  }

  /// Computes something for the values of each group, which may be reordered, on all cores.
  private func each(
    _ groups: [UInt32], _ starts: [Int], _ sorted: UnsafeMutableBufferPointer<UInt64>, _ context: ExecutionContext,
    _ compute: (inout UnsafeMutableBufferPointer<UInt64>) -> UInt64
  ) throws -> [Found] {
    var results = [Found](repeating: Found(bits: 0, isPresent: false), count: groups.count)
    let piece = max(1, min(256, groups.count / 64))
    try results.withUnsafeMutableBufferPointer { results in
      try context.parallel((groups.count + piece - 1) / piece) { task, _ in
        for i in task * piece..<min(groups.count, (task + 1) * piece) {
          let slot = Int(groups[i])
          var values = UnsafeMutableBufferPointer(rebasing: sorted[starts[slot]..<starts[slot + 1]])
          results[i] = Found(bits: compute(&values), isPresent: !values.isEmpty)
        }
      }
    }
    return results
  }
}

/// Order statistics of a buffer of ordered bits, which they reorder.
enum Selection {
  /// The quantile of real numbers at a share of 0…1: linear interpolation between the two nearest ranks (type 7).
  static func quantile(_ values: UnsafeMutableBufferPointer<UInt64>, _ share: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let place = Double(values.count - 1) * min(1, max(0, share))
    let low = Int(place)
    let lower = OrderedBits.real(smallest(values, rank: low))
    guard place > Double(low), low + 1 < values.count else { return lower }
    // After the selection, all that is larger stands behind.
    var next = values[low + 1]
    for i in low + 1..<values.count where values[i] < next { next = values[i] }
    return lower + (place - Double(low)) * (OrderedBits.real(next) - lower)
  }

  /// The value of this rank, counted from 0 (Hoare 1961, with the median of three as pivot); smaller ones stand before it,
  /// larger ones behind.
  static func smallest(_ values: UnsafeMutableBufferPointer<UInt64>, rank: Int) -> UInt64 {
    var low = 0
    var high = values.count - 1
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < values[low] { values.swapAt(middle, low) }
      if values[high] < values[low] { values.swapAt(high, low) }
      if values[high] < values[middle] { values.swapAt(high, middle) }
      let pivot = values[middle]
      var i = low
      var j = high
      while i <= j {
        while values[i] < pivot { i += 1 }
        while pivot < values[j] { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if rank <= j { high = j } else if rank >= i { low = i } else { break }
    }
    return values[rank]
  }

  /// The most frequent value, the smallest of several.
  static func mode(_ values: inout UnsafeMutableBufferPointer<UInt64>) -> UInt64? {
    values.sort()
    var best: (value: UInt64, count: Int)?
    var start = 0
    while start < values.count {
      var end = start + 1
      while end < values.count, values[end] == values[start] { end += 1 }
      if end - start > best?.count ?? 0 { best = (values[start], end - start) }
      start = end
    }
    return best?.value
  }
}
