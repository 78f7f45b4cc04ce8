import Columnar

extension Chart {
  /// Several charts in one, below each other or in rows. They share the legend of the first that has one.
  ///
  /// - Parameters:
  ///   - charts: each with its title, which becomes the title of its panels.
  ///   - perRow: how many panels stand side by side.
  public static func panels(_ charts: [Chart], perRow: Int = 1, height: Double? = nil) throws(ChartError) -> Chart {
    guard let first = charts.first else { throw .noRows(kind: .panels) }
    let panels = charts.flatMap { chart in
      chart.panels.enumerated().map { index, panel in
        var copy = panel
        if index == 0, let title = chart.title { copy.title = title }
        if let height { copy.height = height }
        return copy
      }
    }
    var notes: [String] = []
    for note in charts.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    return Chart(
      charts.count == 1 ? first.kind : .panels, panels: panels, panelsPerRow: perRow,
      color: charts.lazy.compactMap(\.color).first,
      altText: charts.map { ($0.title.map { "\($0): " } ?? "") + $0.altText }.joined(separator: "; "), notes: notes)
  }

  /// The same chart for each value of a column, with one scale for all, so that panels can be compared.
  ///
  /// - Parameters:
  ///   - by: the column, with at most twelve values.
  ///   - make: draws the rows of one value.
  public static func facets(
    _ table: Table, by: String, make: (Table) throws(ChartError) -> Chart
  ) throws(ChartError) -> Chart {
    let split = try FacetSplit(table, by: by, limit: 12)
    // Colours are those of the whole table: a panel that lacks a category must not shift them.
    let whole = try make(table)
    var charts: [Chart] = []
    for (name, part) in split.parts { charts.append(try make(part).titled(name)) }
    var chart = try panels(charts, perRow: split.parts.count > 1 ? min(3, split.parts.count) : 1, height: 160)
    chart.kind = whole.kind
    chart.color = whole.color
    chart.altText = "\(split.parts.count) panels by \(by): \(whole.altText)"
    chart.notes = split.notes + chart.notes
    chart.panels = FacetSplit.sharingDomains(chart.panels)
    return chart
  }
}

/// The parts of a table by the value of a column, in order of first appearance.
struct FacetSplit {
  var parts: [(name: String, table: Table)] = []
  var notes: [String] = []

  init(_ table: Table, by: String, limit: Int) throws(ChartError) {
    let labels = try Channel.label(table, by)
    var names: [String] = []
    var rows: [String: [Int]] = [:]
    for row in 0..<labels.count {
      let name = labels.category(row) ?? CrossTab.missingName
      if rows[name] == nil { names.append(name) }
      rows[name, default: []].append(row)
    }
    guard !names.isEmpty else { throw .noRows(kind: .panels) }
    if names.count > limit {
      throw .tooManyGroups(channel: "facet", column: by, distinct: names.count, limit: limit)
    }
    parts = names.map { ($0, table.picking(rows[$0] ?? [])) }
  }

  /// Gives all panels with the same axes the ends of all of them together.
  static func sharingDomains(_ panels: [Panel]) -> [Panel] {
    var panels = panels
    for dimension in [\Panel.x, \Panel.y] {
      let axes = panels.map { $0[keyPath: dimension] }
      guard let first = axes.first else { return panels }
      if case .band = first.kind {
        var names: [String] = []
        var labels: [String] = []
        for axis in axes {
          guard case .band(let categories) = axis.kind else { return panels }
          for (index, name) in categories.enumerated() where !names.contains(name) {
            names.append(name)
            labels.append(axis.labels.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? name)
          }
        }
        for index in panels.indices {
          panels[index][keyPath: dimension].kind = .band(names)
          if first.labels != nil { panels[index][keyPath: dimension].labels = labels }
        }
      } else {
        let ranges = panels.compactMap { ScaleResolver.range($0, isX: dimension == \Panel.x) }
        guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { continue }
        for index in panels.indices { panels[index][keyPath: dimension].shared = low...high }
      }
    }
    return panels
  }
}
