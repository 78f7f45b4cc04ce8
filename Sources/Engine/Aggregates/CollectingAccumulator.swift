import Columnar
import Query

/// Aggregates that need all values of a group side by side: quantiles, the mode, and distinct values without codes.
final class CollectingAccumulator<T: BitwiseCopyable & Comparable>: Accumulator {
  /// What is made of the values of one group, which may be reordered.
  enum Purpose {
    /// The quantile of type 7 of Hyndman and Fan (1996) at this share; `T` is Double.
    case quantile(Double)
    case countDistinct
    /// The most frequent value, the smallest of several.
    case mode(([T]) -> Column.Storage)
  }

  private let purpose: Purpose
  private let blank: T
  private let last: UInt32
  private var slots: [UInt32] = []
  private var values: [T] = []

  init(slots: Int, blank: T, _ purpose: Purpose) {
    self.purpose = purpose
    self.blank = blank
    last = UInt32(slots - 1)
  }

  func update(_ rows: AccumulatorRows) {
    let incoming = rows.arguments[0].values(of: T.self)
    guard let groups = rows.slots else {
      slots.append(contentsOf: repeatElement(0, count: rows.count))
      values.append(contentsOf: UnsafeBufferPointer(start: incoming, count: rows.count))
      return
    }
    for i in 0..<rows.count where groups[i] != last {
      slots.append(groups[i])
      values.append(incoming[i])
    }
  }

  func merge(_ later: any Accumulator, _ groups: MetGroups, own: MetGroups) {
    guard let later = later as? CollectingAccumulator<T> else { return }
    slots.append(contentsOf: later.slots)
    values.append(contentsOf: later.values)
  }

  func finish(_ groups: [UInt32], _ context: ExecutionContext) throws -> Column {
    // A counting sort by group: the place where each group begins, then each value at its group's next place.
    var starts = [Int](repeating: 0, count: Int(last) + 2)
    for slot in slots { starts[Int(slot) + 1] += 1 }
    for slot in 0...Int(last) { starts[slot + 1] += starts[slot] }
    var next = starts
    var sorted = [T](repeating: blank, count: values.count)
    for (i, slot) in slots.enumerated() {
      sorted[next[Int(slot)]] = values[i]
      next[Int(slot)] += 1
    }
    return try sorted.withUnsafeMutableBufferPointer { sorted in
      switch purpose {
      case .quantile(let share):
        let found = try each(groups, starts, sorted, context, blank: 0.0) { Selection.quantile($0, share) }
        return Column(.real(found.map(\.value)), validity: Bitmap(found.map(\.isPresent)))
      case .countDistinct:
        let found = try each(groups, starts, sorted, context, blank: Int64(0)) { values in
          values.sort()
          var count: Int64 = values.isEmpty ? 0 : 1
          for i in values.indices.dropFirst() where values[i] != values[i - 1] { count += 1 }
          return count
        }
        return Column(.integer(found.map(\.value)))
      case .mode(let storage):
        let found = try each(groups, starts, sorted, context, blank: blank) { Selection.mode($0) ?? blank }
        return Column(storage(found.map(\.value)), validity: Bitmap(found.map(\.isPresent)))
      }
    }
  }

  private struct Found<R: BitwiseCopyable>: BitwiseCopyable {
    var value: R
    var isPresent: Bool
  }

  /// Computes something for the values of each group, on all cores.
  private func each<R: BitwiseCopyable>(
    _ groups: [UInt32], _ starts: [Int], _ sorted: UnsafeMutableBufferPointer<T>, _ context: ExecutionContext,
    blank: R, _ compute: (inout UnsafeMutableBufferPointer<T>) -> R
  ) throws -> [Found<R>] {
    var results = [Found<R>](repeating: Found(value: blank, isPresent: false), count: groups.count)
    let piece = 256
    try results.withUnsafeMutableBufferPointer { results in
      try context.parallel((groups.count + piece - 1) / piece) { task, _ in
        for i in task * piece..<min(groups.count, (task + 1) * piece) {
          let slot = Int(groups[i])
          var values = UnsafeMutableBufferPointer(rebasing: sorted[starts[slot]..<starts[slot + 1]])
          results[i] = Found(value: compute(&values), isPresent: !values.isEmpty)
        }
      }
    }
    return results
  }
}

/// Order statistics of a buffer, which they reorder.
enum Selection {
  /// The quantile at a share of 0…1: linear interpolation between the two nearest ranks (type 7). 0 without values.
  static func quantile<T: Comparable>(_ values: UnsafeMutableBufferPointer<T>, _ share: Double) -> Double {
    guard let values = values as? UnsafeMutableBufferPointer<Double>, !values.isEmpty else { return 0 }
    let place = Double(values.count - 1) * min(1, max(0, share))
    let low = Int(place)
    let lower = smallest(values, rank: low)
    guard place > Double(low), low + 1 < values.count else { return lower }
    // After the selection, all that is larger stands behind.
    var upper = values[low + 1]
    for i in low + 2..<max(low + 2, values.count) where values[i] < upper { upper = values[i] }
    return lower + (place - Double(low)) * (upper - lower)
  }

  /// The value of this rank, counted from 0 (Hoare 1961, with the median of three as pivot); smaller ones stand before it,
  /// larger ones behind.
  static func smallest(_ values: UnsafeMutableBufferPointer<Double>, rank: Int) -> Double {
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
  static func mode<T: Comparable>(_ values: UnsafeMutableBufferPointer<T>) -> T? {
    var values = values
    values.sort()
    var best: (value: T, count: Int)?
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
