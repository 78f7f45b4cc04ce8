import Columnar
import Query

/// The bit of each date in a set of 64 periods; 0 for days of no such period.
final class PeriodBitNode: VectorNode {
  let type = DataType.integer
  private let day: any VectorNode
  private let input: any VectorNode
  private let coder: PeriodCoder

  /// `first` lies in the first of the periods.
  init(_ day: any VectorNode, _ grain: Grain, first: CivilDate) {
    let start = Period(grain, containing: first)
    let unit: PeriodCoder.Unit
    self.day = day
    (input, unit) = PeriodCoder.input(day)
    let days = Int64(start.start.days)...Int64(start.advanced(by: 63).end.days)
    coder = PeriodCoder(.period(grain), grain, days, unit)
  }

  var isComplete: Bool { input.isComplete }

  func range() throws -> ClosedRange<Int64>? {
    guard let last = try day.range()?.upperBound else { return nil }
    let place = coder.place(day: Int32(truncatingIfNeeded: last))
    return place < 63 ? 0...1 << Int64(place) : nil
  }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let out = batch.scratch.allocate(batch.count, of: Int64.self)
    if input.isComplete, let bounds = input.bounds(batch), let place = coder.commonPlace(bounds) {
      out.update(repeating: 1 << Int64(place), count: batch.count)
      return Vector(out)
    }
    let vector = try input.evaluate(batch)
    // Moving a bit beyond the last one leaves none.
    Kernel.map(coder.encode(vector, batch.count, batch.scratch), batch.count, into: out) { 1 << Int64($0) }
    return Vector(out, validity: vector.validity)
  }
}
