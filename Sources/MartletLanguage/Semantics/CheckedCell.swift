import Columnar

/// A statement that has been checked and may run.
enum CheckedStatement: Sendable {
  /// `param x = …`, or `x = value`; the parameter takes effect when the statement runs.
  case parameter(SessionParameter, isDeclaration: Bool)
  /// An expression to show.
  case value(Value, Measure)
  /// A pipeline, to show or to keep under a name.
  case pipeline(CheckedPipeline, target: NameSyntax?)
  case define(Scope.Definition)
  case include([SessionParameter], [Scope.Definition], Settings)
}

/// A pipeline whose commands are checked against the schemas that they will meet.
struct CheckedPipeline: Sendable {
  /// What it begins with; nil when the first command needs no table.
  var source: Source?
  var stages: [any Command]
  /// The description of what comes out; nil when the last command ends without a table.
  var output: TableInfo?
  var effects: [SessionEffect]
  /// How many commands there are, with those of a pipeline in parentheses at its front.
  var length = 0

  /// A named table, or a pipeline in parentheses.
  indirect enum Source: Sendable {
    case table(String)
    case pipeline(CheckedPipeline)
  }
}
