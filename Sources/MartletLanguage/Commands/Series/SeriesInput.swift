import Analytics
import Columnar
import Query

/// What the commands on series read: measures for each period, perhaps by group.
struct SeriesInput: Sendable {
  let measures: [ResolvedMeasure]
  let groups: [ResolvedItem]
  let grain: Grain
  let date: RoleBinding
  /// What was assumed: the grain, when nobody wrote it.
  private let assumptions: [String]
  private let arguments: Arguments

  /// Resolves measures, groups, date and grain.
  init(_ arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    date = try arguments.role(.date)
    groups = try arguments.items(.by)
    measures = try arguments.measures(arguments.syntax.items, keys: groups)
    for measure in measures where !measure.field.type.isNumeric {
      throw .wrongType(
        "`\(arguments.spec.name)`", needs: "numbers", found: measure.field.type.displayName, at: measure.range)
    }
    if let per = arguments.per {
      grain = per.grain
      assumptions = []
    } else if case .period(let own) = date.field.type {
      grain = own
      assumptions = ["per \(own.rawValue)"]
    } else {
      grain = .day
      assumptions = ["per day"]
    }
  }

  /// The period column's type.
  var period: Field { Field("period", .period(grain)) }

  /// The regular series of each measure, and the last day of the data.
  func series(_ input: Relation, _ context: CommandContext) throws -> (byMeasure: [[RegularSeries]], lastDay: CivilDate)
  {
    guard let lastDay = try PeriodCover.lastDay(grain, date.expr, input, context) else { throw AnalysisError.noRows }
    let key = NamedExpr("period", .call(.period, [date.expr, .literal(.text(grain.rawValue))]))
    let keys = groups.map(\.named) + [key]
    let measured = input.plan.measured(by: keys, measures, isPeriodic: true)
    let table = try context.run(.sort(measured, keys.map { SortKey(.column($0.name)) }))
    let byMeasure = try measures.map { measure in
      try RegularSeries.make(
        table, period: "period", groups: groups.map(\.name), measure: measure.name,
        fill: measure.isZeroWithoutRows ? .zero : .interpolate, lastDay: lastDay)
    }
    guard byMeasure.contains(where: { !$0.isEmpty }) else { throw AnalysisError.noRows }
    return (byMeasure, lastDay)
  }

  /// The notes that all commands on series share.
  func notes(_ series: [[RegularSeries]]) -> [Note] {
    var notes: [Note] = []
    var assumed = assumptions
    for measure in measures {
      if let function = measure.assumed {
        assumed.append("\(measure.name) = \(function.rawValue) per \(grain.rawValue)")
      }
    }
    if let note = arguments.assumed([date], assumed) { notes.append(note) }
    if let first = series.first?.first {
      let gaps = first.observed.count { !$0 }
      if gaps > 0, series.count == 1, groups.isEmpty {
        let words =
          measures.first?.isZeroWithoutRows == true ? "counted as 0" : "filled along the line between their neighbours"
        notes.append(Note(.assumed, "\(Words.count(gaps, grain.rawValue)) without rows \(words)"))
      }
      if first.completeCount < first.periods.count, let last = first.periods.last {
        notes.append(
          Note(.leftOut, "\(Period(grain, containing: last)), which the data do not cover to its end"))
      }
    }
    return notes
  }

  /// The name of a series: its measure and its group.
  func name(_ measure: ResolvedMeasure, _ series: RegularSeries) -> String {
    let group = series.group.map { ValueText.plain($0) }.joined(separator: ", ")
    if group.isEmpty { return measure.name }
    return measures.count > 1 ? "\(measure.name), \(group)" : group
  }

  /// The measure of a column that holds values of all measures: their common one.
  var commonMeasure: Measure {
    let kinds = Set(measures.map(\.field.measure))
    return kinds.count == 1 ? kinds.first ?? .plain : .plain
  }
}
