import Columnar

/// Makes a panel's scales: all channels of one dimension are seen before anything is drawn.
enum ScaleResolver {
  /// The scale of one dimension of a panel that is so many pixels long.
  static func scale(_ panel: Panel, isX: Bool, length: Double) -> Scale {
    let axis = isX ? panel.x : panel.y
    if case .band(let categories) = axis.kind { return band(panel, axis, categories, isX: isX) }
    return .continuous(continuous(axis, range(panel, isX: isX), ticks: ticks(axis, isX: isX, length: length)))
  }

  /// The smallest range that holds all values of a dimension; nil when there is none.
  static func range(_ panel: Panel, isX: Bool) -> ClosedRange<Double>? {
    let axis = isX ? panel.x : panel.y
    var low = axis.shared?.lowerBound ?? .infinity
    var high = axis.shared?.upperBound ?? -.infinity
    for mark in panel.marks {
      let channels = isX ? [mark.x, mark.x2] : [mark.y, mark.y2]
      for channel in channels.compactMap({ $0 }) {
        for row in 0..<channel.count {
          guard let value = channel.number(row), value.isFinite else { continue }
          low = min(low, value)
          high = max(high, value)
        }
      }
    }
    return low <= high ? low...high : nil
  }

  /// About how many ticks there is room for.
  private static func ticks(_ axis: Axis, isX: Bool, length: Double) -> Int {
    let apart: Double =
      switch axis.kind {
      case .time: 50
      case .linear, .log, .band: isX ? 76 : 42
      }
    return max(2, Int(exactly: (length / apart).rounded(.down)) ?? 5)
  }

  private static func band(_ panel: Panel, _ axis: Axis, _ categories: [String], isX: Bool) -> Scale {
    var names = categories
    var known = Set(categories)
    for mark in panel.marks {
      for channel in (isX ? [mark.x, mark.x2] : [mark.y, mark.y2]).compactMap({ $0 }) {
        for row in 0..<channel.count {
          if let name = channel.category(row), known.insert(name).inserted { names.append(name) }
        }
      }
    }
    let labels = names.indices.map { index in
      axis.labels.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? names[index]
    }
    return .band(BandScale(names, labels: labels))
  }

  private static func continuous(_ axis: Axis, _ range: ClosedRange<Double>?, ticks count: Int) -> ContinuousScale {
    if case .time = axis.kind { return time(axis, range, ticks: count) }
    if axis.kind == .log { return logarithmic(axis, range) }
    var (low, high) = (axis.domain ?? range).map { ($0.lowerBound, $0.upperBound) } ?? (0, 1)
    if axis.domain == nil, axis.kind == .linear(zero: true) { (low, high) = (min(0, low), max(0, high)) }
    if low == high {
      let room = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = axis.kind == .linear(zero: true) && low == 0 ? (0, 1) : (low - room, high + room)
    }
    let step = Ticks.step(low, high, count: count)
    if axis.domain == nil {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    // Counts have no halves.
    let values = Ticks.multiples(of: step, from: low, to: high).filter { !axis.format.isWhole || $0.rounded() == $0 }
    return ContinuousScale(
      transform: .linear, lower: low, upper: high,
      ticks: values.map { Tick(value: $0, label: axis.format.compact($0, step: step)) })
  }

  private static func logarithmic(_ axis: Axis, _ range: ClosedRange<Double>?) -> ContinuousScale {
    var (low, high) = range.map { ($0.lowerBound, $0.upperBound) } ?? (1, 10)
    low = max(low, .leastNormalMagnitude) / 1.25
    high = min(max(high, low) * 1.25, .greatestFiniteMagnitude)
    return ContinuousScale(
      transform: .log, lower: low, upper: high,
      ticks: Ticks.logarithmic(low, high).map { Tick(value: $0, label: axis.format.compact($0)) })
  }

  private static func time(_ axis: Axis, _ range: ClosedRange<Double>?, ticks count: Int) -> ContinuousScale {
    var (low, high) = range.map { ($0.lowerBound, $0.upperBound) } ?? (0, 1)
    if low == high { (low, high) = (low - 1, high + 1) }
    return ContinuousScale(
      transform: .time, lower: low, upper: high, ticks: TimeTicks.between(low, high, limit: count, grain: axis.grain))
  }
}

extension ValueFormat {
  /// Whether only whole numbers make sense.
  var isWhole: Bool {
    if case .number(decimals: 0, _) = style { return true }
    return false
  }
}
