/// Changes the settings of the session.
struct SetCommand: Command {
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  static let spec = CommandSpec(
    "set",
    summary: "Changes the settings of the session.",
    input: .none,
    options: [
      OptionSpec("currency", .text, doc: "The symbol of money columns that are made from now on."),
      OptionSpec("rows", .integer(1...10_000), doc: "How many rows of a table are shown."),
      OptionSpec("decimals", .integer(0...15), doc: "Digits behind the point of numbers that are not whole."),
      OptionSpec("fiscal_year", .word(months), doc: "The month that a business year begins with."),
      OptionSpec("week", .word(["monday"]), doc: "The day that weeks begin with; ISO 8601 weeks begin on Monday."),
      OptionSpec("seed", .integer(0...Int(Int32.max)), doc: "The seed of everything that is drawn at random."),
    ],
    examples: [Example("Shows more rows, in euros.", "set currency=\"€\", rows=30")],
    searchWords: ["options", "settings", "configure", "preferences"])

  let output: TableInfo? = nil
  private let settings: Settings
  private let changes: [String]

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard !arguments.syntax.options.isEmpty else { throw .nothingSet(Self.spec, at: arguments.range) }
    var settings = arguments.settings
    if let currency = arguments.text("currency") { settings.currency = currency }
    if let rows = arguments.integer("rows") { settings.rows = rows }
    if let decimals = arguments.integer("decimals") { settings.decimals = decimals }
    if let seed = arguments.integer("seed") { settings.seed = seed }
    if let month = arguments.text("fiscal_year"), let position = Self.months.firstIndex(of: month) {
      settings.fiscalYearStart = position + 1
    }
    self.settings = settings
    changes = arguments.syntax.options.map { option in
      "\(option.name.text) = \(arguments.value(option.name.text).map { ValueText.plain($0) } ?? "")"
    }
  }

  var effects: [SessionEffect] { [.settings(settings)] }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    next.presentation.receipt = "set " + changes.joined(separator: ", ")
    return next
  }
}
