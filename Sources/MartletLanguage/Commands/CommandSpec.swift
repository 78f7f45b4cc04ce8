/// Everything that is known of a command before it is used.
///
/// Parsing, checking, completion, inspection, `help`, the generated reference and its tests are functions of this value.
public struct CommandSpec: Sendable {
  public var name: String
  /// Other spellings that mean the same, such as `summarise`.
  public var aliases: [String]
  /// One line that begins with a capital and ends in a period.
  public var summary: String
  /// What an analyst needs beyond the summary: definitions, defaults, limits. May be several sentences.
  public var doc: String
  /// 1 is the first complete language, 2 follows, 3 later.
  public var tier: Int
  /// Whether the command needs a table in front of it.
  public var input: Input
  /// What stands right behind the verb.
  public var subject: SubjectSpec
  public var clauses: [ClauseSpec]
  public var options: [OptionSpec]
  /// The columns of the result; empty when they are those of the incoming table.
  public var output: [OutputColumn]
  /// The default chart in words; nil when there is none.
  public var chart: String?
  public var examples: [Example]
  /// The names that other languages have for it, and words an analyst would look for.
  public var searchWords: [String]
  /// Words of other languages for which an error names this command: word and language.
  public var synonyms: [Synonym]

  /// Where a command may stand.
  public enum Input: String, Sendable {
    /// Behind a table, or first when a table is in `use`.
    case table
    /// First in its pipeline only.
    case none
    /// Both.
    case optional
  }

  /// A verb of another language.
  public struct Synonym: Hashable, Sendable {
    public var word: String
    public var language: String

    /// Names a verb and its language.
    public init(_ word: String, _ language: String) {
      self.word = word
      self.language = language
    }
  }

  /// Describes a command.
  public init(
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
  public func option(_ name: String) -> OptionSpec? { options.first { $0.name == name } }

  /// The clause with this preposition.
  public func clause(_ kind: ClauseKind) -> ClauseSpec? { clauses.first { $0.kind == kind } }
}

/// What a list behind a verb or a preposition consists of.
public enum ItemKind: Sendable {
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
public enum ColumnKind: String, Sendable {
  case any, number, text, date, bool
}

/// What stands right behind the verb.
public struct SubjectSpec: Sendable {
  public var kind: ItemKind
  /// How many items there may be.
  public var count: ClosedRange<Int>
  /// How the items are called in the signature: `COND`, `MEASURE`.
  public var placeholder: String
  /// What they mean, one sentence.
  public var doc: String
  /// Whether an item may be written `name = expression`.
  public var defines: Bool
  /// Whether an item may end in `asc` or `desc`.
  public var sorts: Bool
  /// Whether `*` is understood.
  public var star: Bool
  /// What is meant when there is no item, if the minimum is 0 (a role's name, or words).
  public var defaultText: String?

  /// Describes a subject.
  public init(
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
  public static let none = SubjectSpec(.constants, 0...0, placeholder: "", doc: "")
}

/// A preposition that a command understands.
public struct ClauseSpec: Sendable {
  public var kind: ClauseKind
  /// What stands behind it; ignored for `per`.
  public var items: ItemKind
  public var count: ClosedRange<Int>
  public var required: Bool
  public var placeholder: String
  public var doc: String
  /// What is meant without the clause: `the customer role`, `90 %% quantile of the gaps`. Shown in the help.
  public var defaultText: String?

  /// Describes a clause.
  public init(
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
public struct OptionSpec: Sendable {
  public var name: String
  public var type: OptionType
  /// The value that holds when the option is not written, as it would be written; nil when leaving it out means "none".
  public var defaultValue: String?
  /// One line on what it does, ending in a period.
  public var doc: String

  /// Describes an option.
  public init(_ name: String, _ type: OptionType, default defaultValue: String? = nil, doc: String) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.doc = doc
  }
}

/// What may be written behind `option=`.
public indirect enum OptionType: Sendable {
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
public struct OutputColumn: Sendable {
  public var name: String
  public var doc: String

  /// Documents a column. A name in capitals stands for what the analyst chose: `M`, `G`.
  public init(_ name: String, _ doc: String) {
    self.name = name
    self.doc = doc
  }
}

/// A cell that shows the command at work; it is executed by a test.
public struct Example: Sendable {
  /// What it answers, one line ending in a period.
  public var caption: String
  /// The cell. `sales`, `customers`, `products` and `daily` are the tables of the generated example data.
  public var code: String

  /// Pairs a cell with its caption.
  public init(_ caption: String, _ code: String) {
    self.caption = caption
    self.code = code
  }
}
