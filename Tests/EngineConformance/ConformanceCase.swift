import Columnar
import Query

/// A plan and what every engine has to answer.
public struct ConformanceCase: Sendable, CustomStringConvertible {
  /// What the case is about.
  public var name: String
  /// The question.
  public var plan: LogicalPlan
  /// The right answer.
  public var expected: Outcome

  /// The right answer to a plan.
  public enum Outcome: Sendable {
    /// These rows, in this order.
    case table(Table)
    /// These rows, and these reports of the labelled steps.
    case reported(Table, [String: StepReport])
    /// This error.
    case error(QueryError)
  }

  /// Describes a case.
  public init(_ name: String, _ plan: LogicalPlan, _ expected: Outcome) {
    self.name = name
    self.plan = plan
    self.expected = expected
  }

  /// The case's name.
  public var description: String { name }

  /// What an engine gets wrong; nil when it is right.
  public func failure(of engine: any QueryEngine) -> String? {
    do {
      let answer = try engine.run(plan, cancellation: Cancellation())
      switch expected {
      case .table(let table): return TableDifference.first(answer.table, table)
      case .reported(let table, let steps):
        if let difference = TableDifference.first(answer.table, table) { return difference }
        return answer.steps == steps ? nil : "steps \(answer.steps), expected \(steps)"
      case .error(let error): return "an answer, expected \(error)"
      }
    } catch let error as QueryError {
      if case .error(let expected) = expected, expected == error { return nil }
      return "error \(error)"
    } catch {
      return "error \(error)"
    }
  }
}
