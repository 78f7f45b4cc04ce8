import Columnar

/// A cell as it was written: its statements in order.
package struct CellSyntax: Sendable {
  package var statements: [StatementSyntax]
}

/// One statement and where it stands.
package struct StatementSyntax: Sendable {
  package var kind: Kind
  package var range: SourceRange

  /// The forms of a statement.
  package enum Kind: Sendable {
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
package enum BodySyntax: Sendable {
  case pipeline(PipelineSyntax)
  case expr(ExprSyntax)
}

/// A source and the commands that it runs through.
package struct PipelineSyntax: Sendable {
  package var source: Source
  package var stages: [CommandSyntax]
  package var range: SourceRange

  /// What a pipeline begins with.
  package indirect enum Source: Sendable {
    case table(NameSyntax)
    case pipeline(PipelineSyntax)
    /// The first stage stands at the start: it needs no table, or means the used one.
    case none
  }
}

/// One command of a pipeline with everything that was written behind its verb.
package struct CommandSyntax: Sendable {
  package var verb: NameSyntax
  /// Arguments in parentheses, when the verb calls a fragment made by `define`.
  package var fragmentArguments: [ArgumentSyntax]?
  package var items: [ItemSyntax]
  package var clauses: [ClauseSyntax]
  package var options: [OptionSyntax]
  package var range: SourceRange
}

/// One item of a list: an expression, perhaps with a name and a direction.
package struct ItemSyntax: Sendable {
  package var name: NameSyntax?
  package var value: ExprSyntax
  /// `asc` is false, `desc` is true.
  package var descending: Bool?
  package var range: SourceRange
}

/// A preposition and what stands behind it.
package struct ClauseSyntax: Sendable {
  package var kind: ClauseKind
  /// The preposition itself.
  package var keyword: SourceRange
  package var items: [ItemSyntax]
  /// `per 2 weeks`: the grain and how many of them make a period.
  package var grain: Grain?
  package var count: Int = 1
  /// `vs last month`: the word `last` or `previous`.
  package var comparison: NameSyntax?
  package var range: SourceRange
}

/// `name=value` behind a verb.
package struct OptionSyntax: Sendable {
  package var name: NameSyntax
  package var value: ExprSyntax
  package var range: SourceRange
}

/// The prepositions. Each means the same in every command.
package enum ClauseKind: String, CaseIterable, Hashable, Sendable {
  case by, per, `for`, into, after, from, vs, on, `as`, sort
}

/// A function or a piece of pipeline that a cell defined.
package struct DefinitionSyntax: Sendable {
  package var name: NameSyntax
  package var parameters: [ArgumentSyntax.Parameter]
  package var body: Body
  /// The `##` lines above it.
  package var help: String

  /// What a definition stands for.
  package enum Body: Sendable {
    case expr(ExprSyntax)
    case stages([CommandSyntax])
    case pipeline(PipelineSyntax)
  }
}

extension ArgumentSyntax {
  /// A parameter of a definition, with its default.
  package struct Parameter: Sendable {
    package var name: NameSyntax
    package var defaultValue: ExprSyntax?
  }
}
