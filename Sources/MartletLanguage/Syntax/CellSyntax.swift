import Columnar

/// A cell as it was written: its statements in order.
public struct CellSyntax: Sendable {
  public var statements: [StatementSyntax]
}

/// One statement and where it stands.
public struct StatementSyntax: Sendable {
  public var kind: Kind
  public var range: SourceRange

  /// The forms of a statement.
  public enum Kind: Sendable {
    /// `param name = default in [choices] "label"`.
    case param(NameSyntax, ExprSyntax, choices: ExprSyntax?, label: String?)
    /// `name = pipeline` or `name = expression`.
    case assignment(NameSyntax, BodySyntax)
    case body(BodySyntax)
    /// `define f(a, b) = expression` and `define frag(n) = | stages`.
    case define(DefinitionSyntax)
    /// `include "file.martlet"`.
    case include(String, SourceRange)
  }
}

/// What a statement computes.
public enum BodySyntax: Sendable {
  case pipeline(PipelineSyntax)
  case expr(ExprSyntax)
}

/// A source and the commands that it runs through.
public struct PipelineSyntax: Sendable {
  public var source: Source
  public var stages: [CommandSyntax]
  public var range: SourceRange

  /// What a pipeline begins with.
  public indirect enum Source: Sendable {
    case table(NameSyntax)
    case pipeline(PipelineSyntax)
    /// The first stage stands at the start: it needs no table, or means the used one.
    case none
  }
}

/// One command of a pipeline with everything that was written behind its verb.
public struct CommandSyntax: Sendable {
  public var verb: NameSyntax
  /// Arguments in parentheses, when the verb calls a fragment made by `define`.
  public var fragmentArguments: [ArgumentSyntax]?
  public var items: [ItemSyntax]
  public var clauses: [ClauseSyntax]
  public var options: [OptionSyntax]
  public var range: SourceRange
}

/// One item of a list: an expression, perhaps with a name and a direction.
public struct ItemSyntax: Sendable {
  public var name: NameSyntax?
  public var value: ExprSyntax
  /// `asc` is false, `desc` is true.
  public var descending: Bool?
  public var range: SourceRange
}

/// A preposition and what stands behind it.
public struct ClauseSyntax: Sendable {
  public var kind: ClauseKind
  /// The preposition itself.
  public var keyword: SourceRange
  public var items: [ItemSyntax]
  /// `per 2 weeks`: the grain and how many of them make a period.
  public var grain: Grain?
  public var count: Int = 1
  /// `vs last month`: the word `last` or `previous`.
  public var comparison: NameSyntax?
  public var range: SourceRange
}

/// `name=value` behind a verb.
public struct OptionSyntax: Sendable {
  public var name: NameSyntax
  public var value: ExprSyntax
  public var range: SourceRange
}

/// The prepositions. Each means the same in every command.
public enum ClauseKind: String, CaseIterable, Hashable, Sendable {
  case by, per, `for`, into, after, from, vs, on, `as`, sort
}

/// A function or a piece of pipeline that a cell defined.
public struct DefinitionSyntax: Sendable {
  public var name: NameSyntax
  public var parameters: [ArgumentSyntax.Parameter]
  public var body: Body
  /// The `##` lines above it.
  public var help: String

  /// What a definition stands for.
  public enum Body: Sendable {
    case expr(ExprSyntax)
    case stages([CommandSyntax])
    case pipeline(PipelineSyntax)
  }
}

extension ArgumentSyntax {
  /// A parameter of a definition, with its default.
  public struct Parameter: Sendable {
    public var name: NameSyntax
    public var defaultValue: ExprSyntax?
  }
}
