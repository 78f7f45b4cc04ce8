import Columnar

extension Chart {
  /// The chart in a few lines of text: its title, what it shows, and its bars or its course in block letters.
  public var plainText: String {
    let lines = [title, altText].compactMap { $0 } + TextSketch.lines(of: self)
    return lines.joined(separator: "\n")
  }
}

/// Draws the main mark of a chart with block letters.
private enum TextSketch {
  static func lines(of chart: Chart) -> [String] {
    for panel in chart.panels.prefix(1) {
      if let bars = panel.marks.first(where: { $0.shape == .bar && $0.color == nil && $0.y?.category(0) != nil }) {
        return self.bars(bars)
      }
      let course = panel.marks.first {
        ($0.shape == .line || $0.shape == .bar && $0.y?.number(0) != nil) && $0.color == nil && $0.count > 2
      }
      if let course, chart.kind != .cards, let line = sparkline(course) { return [line] }
    }
    return []
  }

  /// Up to ten horizontal bars with their names and values.
  private static func bars(_ mark: Mark) -> [String] {
    let rows = (0..<mark.count).filter { (mark.x?.number($0) ?? -1) >= 0 }.prefix(10)
    let largest = rows.compactMap { mark.x?.number($0) }.max() ?? 0
    guard largest > 0 else { return [] }
    let names = rows.map { Words.cut(mark.y?.category($0) ?? "", to: 32) }
    let width = names.map(\.count).max() ?? 0
    return zip(rows, names).map { row, name in
      let value = mark.x?.number(row) ?? 0
      let blocks = Int(exactly: (value / largest * 24).rounded()) ?? 0
      return name + String(repeating: " ", count: width - name.count) + " "
        + String(repeating: "█", count: blocks) + " " + (mark.x?.text(row) ?? "")
    }
  }

  /// The values from left to right in eighths of a line's height, at most sixty of them.
  private static func sparkline(_ mark: Mark) -> String? {
    let all = (0..<mark.count).map { mark.y?.number($0) }
    let step = max(1, (all.count + 59) / 60)
    let values = stride(from: 0, to: all.count, by: step).map { all[$0] }
    guard let low = values.compactMap({ $0 }).min(), let high = values.compactMap({ $0 }).max() else { return nil }
    let letters = Array("▁▂▃▄▅▆▇█")
    return String(
      values.map { value -> Character in
        guard let value else { return " " }
        let share = high > low ? (value - low) / (high - low) : 0.5
        return letters[min(7, max(0, Int(exactly: (share * 7).rounded()) ?? 0))]
      })
  }
}
