/// The one table of commands. A new command is one file and one line here.
package enum CommandTable {
  /// All commands, in the order of the reference.
  package static let all: [any Command.Type] = [
    // Files, and what a table holds.
    LoadCommand.self,
    DescribeCommand.self,
    RolesCommand.self,
    CleanCommand.self,
    ExportCommand.self,
    // Rows and columns.
    WhereCommand.self,
    SelectCommand.self,
    DropCommand.self,
    RenameCommand.self,
    AddCommand.self,
    SummarizeCommand.self,
    CountCommand.self,
    SortCommand.self,
    TakeCommand.self,
    TopCommand.self,
    DistinctCommand.self,
    JoinCommand.self,
    AppendCommand.self,
    ConvertCommand.self,
    FillCommand.self,
    CheckCommand.self,
    // Analyses.
    GrowthCommand.self,
    ForecastCommand.self,
    AnomaliesCommand.self,
    SegmentCommand.self,
    ChurnCommand.self,
    CohortCommand.self,
    LoyaltyCommand.self,
    OpportunityCommand.self,
    RiskCommand.self,
    BasketCommand.self,
    RankCommand.self,
    ProductsCommand.self,
    KpiCommand.self,
    // How a result is shown.
    SummaryCommand.self,
    ChartCommand.self,
    TitleCommand.self,
    NoteCommand.self,
    TableCommand.self,
    FormatCommand.self,
    // The session.
    GenerateCommand.self,
    TablesCommand.self,
    UseCommand.self,
    AsCommand.self,
    ParamsCommand.self,
    SetCommand.self,
    PrintCommand.self,
    ClearCommand.self,
    PlanCommand.self,
    HelpCommand.self,
  ]

  /// The command with this name or alias.
  package static func command(_ name: String) -> (any Command.Type)? { byName[name] }

  /// All names and aliases.
  package static let byName: [String: any Command.Type] = {
    var table: [String: any Command.Type] = [:]
    for command in all {
      for name in [command.spec.name] + command.spec.aliases { table[name] = command }
    }
    return table
  }()

  /// The command that a verb of another language means, and that language.
  package static func synonym(_ word: String) -> (command: String, language: String)? {
    for command in all {
      if let found = command.spec.synonyms.first(where: { $0.word == word }) {
        return (command.spec.name, found.language)
      }
    }
    return nil
  }
}
