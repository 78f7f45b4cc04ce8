/// The rectangles of a bar mark.
struct BarSpace {
  let mark: Mark
  let placed: PlacedPanel
  /// The names that stand side by side within a band.
  let dodge: [String]

  /// The share of a band that lies between two bars of one category.
  static let innerGap = 0.08

  init(_ mark: Mark, _ placed: PlacedPanel) {
    self.mark = mark
    self.placed = placed
    var names: [String] = []
    if let channel = mark.dodge {
      for row in 0..<channel.count {
        if let name = channel.category(row), !names.contains(name) { names.append(name) }
      }
    }
    dodge = names
  }

  /// The rectangle of a row; nil when a value is missing.
  func box(_ row: Int) -> Rect? {
    let plot = placed.plot
    guard
      let (x0, x1) = extent(
        placed.x, mark.x, mark.x2, row, place: { plot.x + $0 * plot.width },
        length: plot.width),
      let (y0, y1) = extent(
        placed.y, mark.y, mark.y2, row, place: placed.pixel(vertical:),
        length: plot.height)
    else { return nil }
    var box = Rect(x: min(x0, x1), y: min(y0, y1), width: abs(x1 - x0), height: abs(y1 - y0))
    if isTiled, box.width > 3, box.height > 3 {
      box = Rect(x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1)
    } else if isTiled, box.width > 3 {
      box = Rect(x: box.x + 0.5, y: box.y, width: box.width - 1, height: box.height)
    }
    return box
  }

  /// Rectangles that touch each other, such as a histogram's, are set a little apart.
  var isTiled: Bool { mark.x2 != nil && mark.y2 != nil }

  private func extent(
    _ scale: Scale, _ channel: Channel?, _ other: Channel?, _ row: Int, place: (Double) -> Double,
    length: Double
  ) -> (Double, Double)? {
    guard let channel, let fraction = scale.fraction(channel, row), fraction.isFinite else { return nil }
    guard let share = scale.bandShare else {
      if let other {
        guard let end = scale.fraction(other, row), end.isFinite else { return nil }
        return (place(fraction), place(end))
      }
      return (place(fraction), place(scale.baselineShare))
    }
    let band = length * share * mark.style.bandFill
    let start = place(fraction) - band / 2
    guard let name = mark.dodge?.category(row), let slot = dodge.firstIndex(of: name), dodge.count > 1 else {
      return (start, start + band)
    }
    let step = band / (Double(dodge.count) - Self.innerGap)
    return (start + Double(slot) * step, start + Double(slot) * step + step * (1 - Self.innerGap))
  }
}

/// The areas of a point mark's discs.
struct PointSizes {
  private let mark: Mark
  private let largest: Double

  /// The area of the disc of the largest value, in square pixels.
  static let most = 620.0

  init(_ mark: Mark) {
    self.mark = mark
    var largest = 0.0
    if let size = mark.size {
      for row in 0..<size.count { largest = max(largest, size.number(row) ?? 0) }
    }
    self.largest = largest
  }

  /// The area of a row's disc: in proportion to its value, never too small to be seen.
  func area(_ row: Int) -> Double {
    guard let size = mark.size, largest > 0 else { return mark.style.pointArea }
    return max(6, Self.most * max(0, size.number(row) ?? 0) / largest)
  }
}

/// The slices of a pie, clockwise from the top.
struct PieGeometry {
  struct Slice {
    var row: Int
    /// Radians.
    var start: Double
    var end: Double
  }

  var slices: [Slice] = []
  var radius: Double
  var inner: Double
  var labelRadius: Double

  init(_ mark: Mark, width: Double, height: Double) {
    radius = max(10, min(width, height) / 2 - 24)
    inner = radius * mark.style.hole
    labelRadius = radius + 18
    let sizes = (0..<mark.count).map { max(0, mark.size?.number($0) ?? 0) }
    let whole = sizes.reduce(0, +)
    guard whole > 0 else { return }
    var angle = 0.0
    for (row, size) in sizes.enumerated() where size > 0 {
      let end = angle + 2 * Double.pi * size / whole
      slices.append(Slice(row: row, start: angle, end: end))
      angle = end
    }
  }
}
