import Columnar
import Query

/// `cumulative`, `change`, `growth` and `share`.
struct RunningValues {
  private let frame: WindowFrame
  private let context: ExecutionContext

  init(_ frame: WindowFrame, _ context: ExecutionContext) {
    self.frame = frame
    self.context = context
  }

  /// A real result with a flag, so that workers need not share the words of a bitmap.
  private struct Cell<T: BitwiseCopyable>: BitwiseCopyable {
    var value: T
    var isPresent = false
  }

  func column(_ function: WindowFunction, _ values: Column, text: String) throws -> Column {
    if case .integer(let numbers) = values.storage {
      switch function {
      case .cumulative, .change: return try whole(function, numbers, values, text: text)
      default: return try real(function, numbers.map { Double($0) }, values)
      }
    }
    guard case .real(let numbers) = values.storage else {
      return .of(.real, Array(repeating: .missing, count: values.count))
    }
    return try real(function, numbers, values)
  }

  private func whole(_ function: WindowFunction, _ numbers: [Int64], _ values: Column, text: String) throws -> Column {
    var cells = [Cell](repeating: Cell(value: Int64(0)), count: numbers.count)
    try frame.eachPartition(context, &cells) { rows, cells in
      var total: Int64 = 0
      var hasValue = false
      for place in rows.indices {
        let row = Int(rows[place])
        if case .cumulative = function {
          if !values.isMissing(row) {
            let (sum, overflow) = total.addingReportingOverflow(numbers[row])
            if overflow { throw QueryError.overflow(in: text) }
            total = sum
            hasValue = true
          }
          cells[row] = Cell(value: total, isPresent: hasValue)
        } else if place > 0, !values.isMissing(row), !values.isMissing(Int(rows[place - 1])) {
          let (change, overflow) = numbers[row].subtractingReportingOverflow(numbers[Int(rows[place - 1])])
          if overflow { throw QueryError.overflow(in: text) }
          cells[row] = Cell(value: change, isPresent: true)
        }
      }
    }
    return Column(.integer(cells.map(\.value)), validity: Bitmap(cells.map(\.isPresent)))
  }

  private func real(_ function: WindowFunction, _ numbers: [Double], _ values: Column) throws -> Column {
    var cells = [Cell](repeating: Cell(value: 0.0), count: numbers.count)
    try frame.eachPartition(context, &cells) { rows, cells in
      var total = CompensatedSum()
      if case .share = function {
        for row in rows where !values.isMissing(Int(row)) { total.add(numbers[Int(row)]) }
        for row in rows where !values.isMissing(Int(row)) && total.value != 0 {
          cells[Int(row)] = Cell(value: numbers[Int(row)] / total.value, isPresent: true)
        }
        return
      }
      var hasValue = false
      for place in rows.indices {
        let row = Int(rows[place])
        if case .cumulative = function {
          if !values.isMissing(row) {
            total.add(numbers[row])
            hasValue = true
          }
          cells[row] = Cell(value: total.value, isPresent: hasValue)
          continue
        }
        guard place > 0, !values.isMissing(row), !values.isMissing(Int(rows[place - 1])) else { continue }
        let before = numbers[Int(rows[place - 1])]
        if case .growth = function {
          if before != 0 { cells[row] = Cell(value: numbers[row] / before - 1, isPresent: true) }
        } else {
          cells[row] = Cell(value: numbers[row] - before, isPresent: true)
        }
      }
    }
    let finite = cells.map { $0.isPresent && $0.value.isFinite }
    return Column(.real(zip(cells, finite).map { $1 ? $0.value : 0 }), validity: Bitmap(finite))
  }
}

/// A sum with Neumaier's compensation (1974).
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  mutating func add(_ x: Double) {
    let next = sum + x
    lost += Swift.abs(sum) >= Swift.abs(x) ? (sum - next) + x : (x - next) + sum
    sum = next
  }

  var value: Double { sum + lost }
}

/// An aggregate of the last rows with this one.
struct RollingValues {
  private let frame: WindowFrame
  private let context: ExecutionContext
  private let rows: Int
  private let partial: Bool

  init(_ frame: WindowFrame, _ context: ExecutionContext, rows: Int, partial: Bool) {
    self.frame = frame
    self.context = context
    self.rows = max(1, rows)
    self.partial = partial
  }

  /// A row's window: which rows of the partition's order belong to it, or nil when there are not enough.
  private func window(_ place: Int) -> ClosedRange<Int>? {
    place + 1 >= rows || partial ? max(0, place - rows + 1)...place : nil
  }

  func column(
    _ function: AggregateFunction, _ arguments: [Column], share: Double?, type: DataType
  ) throws -> Column {
    switch function {
    case .min, .max, .first, .last, .mode: return try picked(function, arguments[0])
    case .count, .countDistinct: return try counted(function, arguments.first)
    case .bitOr: throw QueryError.other("\(function.rawValue) has no form for the last rows")
    case .sum where type == .integer, .sum, .mean, .median, .quantile, .sd, .variance, .weightedMean:
      let result = try computed(function, arguments.map(RollingValues.numbers), share: share)
      guard type == .integer, case .real(let values) = result.storage else { return result }
      return Column(.integer(values.map { Int64(exactly: $0.rounded()) ?? 0 }), validity: result.validity)
    }
  }

  /// Numbers, with conditions as 1 and 0; nil is missing.
  private static func numbers(_ column: Column) -> [Double?] {
    switch column.storage {
    case .real(let v): v.indices.map { column.isMissing($0) ? nil : v[$0] }
    case .integer(let v): v.indices.map { column.isMissing($0) ? nil : Double(v[$0]) }
    case .boolean(let v): v.indices.map { column.isMissing($0) ? nil : (v[$0] ? 1 : 0) }
    default: Array(repeating: nil, count: column.count)
    }
  }

  private struct Cell: BitwiseCopyable {
    var value = 0.0
    var isPresent = false
  }

  private func computed(_ function: AggregateFunction, _ arguments: [[Double?]], share: Double?) throws -> Column {
    var cells = [Cell](repeating: Cell(), count: frame.rows.count)
    try frame.eachPartition(context, &cells) { rows, cells in
      var buffer: [Double] = []
      var weights: [Double] = []
      for place in rows.indices {
        if place & 0xFFF == 0 { try context.cancellation.check() }
        guard let window = window(place) else { continue }
        buffer.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        for other in window {
          let row = Int(rows[other])
          guard let value = arguments[0][row] else { continue }
          if function == .weightedMean {
            guard let weight = arguments[1][row] else { continue }
            weights.append(weight)
          }
          buffer.append(value)
        }
        let value = RollingValues.statistic(function, &buffer, weights, share ?? 0.5)
        cells[Int(rows[place])] = Cell(value: value.isFinite ? value : 0, isPresent: value.isFinite)
      }
    }
    return Column(.real(cells.map(\.value)), validity: Bitmap(cells.map(\.isPresent)))
  }

  /// NaN where there is no value.
  private static func statistic(
    _ function: AggregateFunction, _ values: inout [Double], _ weights: [Double], _ share: Double
  ) -> Double {
    guard !values.isEmpty else { return .nan }
    var sum = CompensatedSum()
    switch function {
    case .median, .quantile:
      var bits = values.map(OrderedBits.of)
      return bits.withUnsafeMutableBufferPointer { Selection.quantile($0, function == .median ? 0.5 : share) }
    case .weightedMean:
      var weight = CompensatedSum()
      for (value, w) in zip(values, weights) {
        sum.add(value * w)
        weight.add(w)
      }
      return sum.value / weight.value
    default:
      for value in values { sum.add(value) }
      if function == .sum { return sum.value }
      let mean = sum.value / Double(values.count)
      if function == .mean { return mean }
      guard values.count > 1 else { return .nan }
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      return function == .sd ? variance.squareRoot() : variance
    }
  }

  private func counted(_ function: AggregateFunction, _ argument: Column?) throws -> Column {
    var codes: [UInt32] = []
    if function == .countDistinct, let argument {
      codes = try RowGrouping.groups(
        Table([(Field("value", argument.type), argument)]), keys: [0], context
      ).ids
    }
    var cells = [Cell](repeating: Cell(), count: frame.rows.count)
    try frame.eachPartition(context, &cells) { rows, cells in
      for place in rows.indices {
        if place & 0xFFF == 0 { try context.cancellation.check() }
        guard let window = window(place) else { continue }
        let present = window.filter { other in
          guard let argument else { return true }
          return !argument.isMissing(Int(rows[other]))
        }
        let count = codes.isEmpty ? present.count : Set(present.map { codes[Int(rows[$0])] }).count
        cells[Int(rows[place])] = Cell(value: Double(count), isPresent: true)
      }
    }
    return Column(.integer(cells.map { Int64($0.value) }), validity: Bitmap(cells.map(\.isPresent)))
  }

  /// Aggregates that are one of the window's values: the row it comes from.
  private func picked(_ function: AggregateFunction, _ argument: Column) throws -> Column {
    let table = Table([(Field("value", argument.type), argument)])
    let keys = try SortKeys(table, descending: [false], context)
    var sources = [Int32](repeating: -1, count: frame.rows.count)
    try frame.eachPartition(context, &sources) { rows, sources in
      for place in rows.indices {
        if place & 0xFFF == 0 { try context.cancellation.check() }
        guard let window = window(place) else { continue }
        let present = window.map { Int(rows[$0]) }.filter { !argument.isMissing($0) }
        let row: Int? =
          switch function {
          case .first: present.first
          case .last: present.last
          case .min: present.min { keys.precedes($0, $1) }
          case .max: present.max { keys.precedes($0, $1) }
          default: mode(present, keys)
          }
        if let row { sources[Int(rows[place])] = Int32(truncatingIfNeeded: row) }
      }
    }
    return try Slicing.rows(table, sources, context).columns[0]
  }

  private func mode(_ rows: [Int], _ keys: SortKeys) -> Int? {
    let sorted = rows.sorted { keys.precedes($0, $1) }
    var best: (row: Int, count: Int)?
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, keys.areEqual(sorted[start], sorted[end]) { end += 1 }
      if end - start > best?.count ?? 0 { best = (sorted[start], end - start) }
      start = end
    }
    return best?.row
  }
}
