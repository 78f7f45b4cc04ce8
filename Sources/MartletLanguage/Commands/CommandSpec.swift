/// Everything that is known of a command before it is used.
///
/// Parsing, checking, completion, inspection, `help`, the generated reference and its tests are functions of this value.
package struct CommandSpec: Sendable {
  package var name: String
  /// Other spellings that mean the same, such as `summarise`.
  package var aliases: [String]
  /// One line that begins with a capital and ends in a period.
  package var summary: String
  /// What an analyst needs beyond the summary: definitions, defaults, limits. May be several sentences.
  package var doc: String
  /// 1 is the first complete language, 2 follows, 3 later.
  package var tier: Int
  /// Whether the command needs a table in front of it.
  package var input: Input
  /// What stands right behind the verb.
  package var subject: SubjectSpec
  package var clauses: [ClauseSpec]
  package var options: [OptionSpec]
  /// The columns of the result; empty when they are those of the incoming table.
  package var output: [OutputColumn]
  /// The default chart in words; nil when there is none.
  package var chart: String?
  package var examples: [Example]
  /// The names that other languages have for it, and words an analyst would look for.
  package var searchWords: [String]
  /// Words of other languages for which an error names this command: word and language.
  package var synonyms: [Synonym]

  /// Where a command may stand.
  package enum Input: String, Sendable {
    /// Behind a table, or first when a table is in `use`.
    case table
    /// First in its pipeline only.
    case none
    /// Both.
    case optional
  }

  /// A verb of another language.
  package struct Synonym: Hashable, Sendable {
    package var word: String
    package var language: String

    /// Names a verb and its language.
    package init(_ word: String, _ language: String) {
      self.word = word
      self.language = language
    }
  }

  /// Describes a command.
  package init(
    _ name: String, aliases: [String] = [], summary: String, doc: String = "", tier: Int = 1, input: Input = .table,
    subject: SubjectSpec = .none, clauses: [ClauseSpec] = [], options: [OptionSpec] = [],
    output: [OutputColumn] = [], chart: String? = nil, examples: [Example], searchWords: [String] = [],
    synonyms: [Synonym] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.doc = doc
    self.tier = tier
    self.input = input
    self.subject = subject
    self.clauses = clauses
    self.options = options
    self.output = output
    self.chart = chart
    self.examples = examples
    self.searchWords = searchWords
    self.synonyms = synonyms
  }

  /// The option with this name.
  package func option(_ name: String) -> OptionSpec? { options.first { $0.name == name } }

  /// The clause with this preposition.
  package func clause(_ kind: ClauseKind) -> ClauseSpec? { clauses.first { $0.kind == kind } }
}

/// What a list behind a verb or a preposition consists of.
package enum ItemKind: Sendable {
  /// Columns of the incoming table; a role name stands for its column.
  case columns(ColumnKind)
  /// Row expressions.
  case expressions
  /// Row expressions that must be true or false.
  case conditions
  /// Numbers for a group: aggregates, or row expressions that are summed (amounts) or averaged (prices, rates).
  case measures
  /// One of these words, bare.
  case words([String])
  /// Names or texts that are chosen freely: `Bronze, "At Risk"`.
  case labels
  /// Tables of the session.
  case tables
  /// Values that are the same for all rows: a number, text, duration, list.
  case constants
  /// Expressions that the command reads itself.
  case syntax
}

/// Which columns fit.
package enum ColumnKind: String, Sendable {
  case any, number, text, date, bool
}

/// What stands right behind the verb.
package struct SubjectSpec: Sendable {
  package var kind: ItemKind
  /// How many items there may be.
  package var count: ClosedRange<Int>
  /// How the items are called in the signature: `COND`, `MEASURE`.
  package var placeholder: String
  /// What they mean, one sentence.
  package var doc: String
  /// Whether an item may be written `name = expression`.
  package var defines: Bool
  /// Whether an item may end in `asc` or `desc`.
  package var sorts: Bool
  /// Whether `*` is understood.
  package var star: Bool
  /// What is meant when there is no item, if the minimum is 0 (a role's name, or words).
  package var defaultText: String?

  /// Describes a subject.
  package init(
    _ kind: ItemKind, _ count: ClosedRange<Int> = 1...100_000, placeholder: String, doc: String, defines: Bool = false,
    sorts: Bool = false, star: Bool = false, default defaultText: String? = nil
  ) {
    self.kind = kind
    self.count = count
    self.placeholder = placeholder
    self.doc = doc
    self.defines = defines
    self.sorts = sorts
    self.star = star
    self.defaultText = defaultText
  }

  /// A verb without a subject.
  package static let none = SubjectSpec(.constants, 0...0, placeholder: "", doc: "")
}

/// A preposition that a command understands.
package struct ClauseSpec: Sendable {
  package var kind: ClauseKind
  /// What stands behind it; ignored for `per`.
  package var items: ItemKind
  package var count: ClosedRange<Int>
  package var required: Bool
  package var placeholder: String
  package var doc: String
  /// What is meant without the clause: `the customer role`, `90 %% quantile of the gaps`. Shown in the help.
  package var defaultText: String?

  /// Describes a clause.
  package init(
    _ kind: ClauseKind, _ items: ItemKind = .constants, count: ClosedRange<Int> = 1...1, required: Bool = false,
    placeholder: String, doc: String, default defaultText: String? = nil
  ) {
    self.kind = kind
    self.items = items
    self.count = count
    self.required = required
    self.placeholder = placeholder
    self.doc = doc
    self.defaultText = defaultText
  }
}

/// A `name=value` that a command understands.
package struct OptionSpec: Sendable {
  package var name: String
  package var type: OptionType
  /// The value that holds when the option is not written, as it would be written; nil when leaving it out means "none".
  package var defaultValue: String?
  /// One line on what it does, ending in a period.
  package var doc: String

  /// Describes an option.
  package init(_ name: String, _ type: OptionType, default defaultValue: String? = nil, doc: String) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.doc = doc
  }
}

/// What may be written behind `option=`.
package indirect enum OptionType: Sendable {
  /// A number in these bounds.
  case number(ClosedRange<Double>)
  /// A whole number in these bounds.
  case integer(ClosedRange<Int>)
  /// A share of one, written `60%` or `0.6`.
  case share
  /// `true` or `false`.
  case flag
  case text
  /// `90 days`, `3 months`.
  case duration
  /// A day or a moment.
  case date
  /// One of these words, bare or quoted.
  case word([String])
  /// A list of these words.
  case words([String])
  /// A column of the incoming table.
  case column(ColumnKind)
  /// One or several columns of what is displayed: of the summary when there is one, else of the rows.
  case shown(ColumnKind)
  /// A row expression over the incoming table.
  case expression
  /// A measure, as in the subject of `growth`.
  case measure
  /// A table of the session.
  case table
  /// A list of numbers or shares.
  case numbers
  /// A list of texts; one text counts as a list of one.
  case texts
  /// Any constant.
  case constant
  /// One of these words, or a value of another type: `auto` or a share.
  case either([String], OptionType)
}

/// A column that a result has.
package struct OutputColumn: Sendable {
  package var name: String
  package var doc: String

  /// Documents a column. A name in capitals stands for what the analyst chose: `M`, `G`.
  package init(_ name: String, _ doc: String) {
    self.name = name
    self.doc = doc
  }
}

/// A cell that shows the command at work; it is executed by a test.
package struct Example: Sendable {
  /// What it answers, one line ending in a period.
  package var caption: String
  /// The cell. `sales`, `customers`, `products` and `daily` are the tables of the generated example data.
  package var code: String

  /// Pairs a cell with its caption.
  package init(_ caption: String, _ code: String) {
    self.caption = caption
    self.code = code
  }
}
