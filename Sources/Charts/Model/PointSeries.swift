import Columnar

/// Points of lines and areas: sorted by place within each group, repeated places added up, long lines thinned.
struct PointSeries {
  struct Point {
    var x: Double
    var y: Double?
    var complete: Bool
  }

  /// Group names in order of first appearance; one empty name without a group column.
  var groups: [String] = []
  /// The points of each group, by ascending place.
  var points: [[Point]] = []
  /// How many rows were added to another row of the same place and group.
  var merged = 0
  /// How many points there were before thinning, and how many are left, when lines were thinned.
  var thinned: (from: Int, to: Int)?

  /// Reads the rows of a table.
  init(_ x: Channel, _ y: Channel, group: Channel?, complete: [Bool]?) {
    var index: [String: Int] = [:]
    for row in 0..<min(x.count, y.count) {
      guard let place = x.number(row) else { continue }
      let name = group.map { $0.category(row) ?? CrossTab.missingName } ?? ""
      let slot = index[name] ?? groups.count
      if index[name] == nil {
        index[name] = slot
        groups.append(name)
        points.append([])
      }
      let flag = complete.map { $0.indices.contains(row) ? $0[row] : true } ?? true
      points[slot].append(Point(x: place, y: y.number(row), complete: flag))
    }
    for slot in points.indices { addUp(slot) }
  }

  private mutating func addUp(_ slot: Int) {
    let sorted = points[slot].enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }
    var result: [Point] = []
    for (_, point) in sorted {
      if let last = result.last, last.x == point.x {
        merged += 1
        let sum = last.y.map { $0 + (point.y ?? 0) } ?? point.y
        result[result.count - 1] = Point(x: point.x, y: sum, complete: last.complete && point.complete)
      } else {
        result.append(point)
      }
    }
    points[slot] = result
  }

  /// Thins every line with more than `limit` points to the first, lowest, highest and last point of each of `limit / 4`
  /// equal stretches, which draws the same pixels (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", 2014).
  mutating func thin(to limit: Int) {
    let before = points.reduce(0) { $0 + $1.count }
    for slot in points.indices where points[slot].count > limit {
      points[slot] = PointSeries.m4(points[slot], buckets: max(1, limit / 4))
    }
    let after = points.reduce(0) { $0 + $1.count }
    if after < before { thinned = (before, after) }
  }

  private static func m4(_ points: [Point], buckets: Int) -> [Point] {
    guard let first = points.first?.x, let last = points.last?.x, last > first else { return points }
    var kept: [Point] = []
    var start = 0
    for bucket in 0..<buckets {
      let edge = first + (last - first) * Double(bucket + 1) / Double(buckets)
      var end = start
      while end < points.count, bucket == buckets - 1 || points[end].x < edge { end += 1 }
      defer { start = end }
      guard end > start else { continue }
      let values = (start..<end).filter { points[$0].y != nil }
      var places = Set([start, end - 1])
      if let low = values.min(by: { (points[$0].y ?? 0) < (points[$1].y ?? 0) }) { places.insert(low) }
      if let high = values.max(by: { (points[$0].y ?? 0) < (points[$1].y ?? 0) }) { places.insert(high) }
      // A gap in the data must stay a gap in the line.
      if let gap = (start..<end).first(where: { points[$0].y == nil }) { places.insert(gap) }
      kept += places.sorted().map { points[$0] }
    }
    return kept
  }

  /// The notes that adding up and thinning call for.
  func notes(_ x: Channel, _ y: Channel) -> [String] {
    var notes: [String] = []
    if merged > 0 { notes.append("\(y.title) of rows with the same \(x.title) are added up in the chart") }
    if let thinned {
      let format = ValueFormat.number(0)
      notes.append(
        "the line is drawn with \(format.text(Double(thinned.to))) of \(format.text(Double(thinned.from))) points: "
          + "the first, lowest, highest and last of each stretch")
    }
    return notes
  }
}
