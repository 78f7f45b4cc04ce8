import Columnar
import Query

/// Explains commands and functions.
struct HelpCommand: Command {
  static let spec = CommandSpec(
    "help",
    summary: "Explains a command or a function, or lists them.",
    doc:
      "`help` lists the commands, `help functions` the functions, `help VERB` explains one. A word that is neither is searched for.",
    input: .none,
    subject: SubjectSpec(.syntax, 0...1, placeholder: "VERB", doc: "A command, a function, or a word to search for."),
    examples: [Example("Explains a command.", "help segment"), Example("Lists the functions.", "help functions")],
    searchWords: ["manual", "documentation", "commands", "reference"],
    synonyms: [.init("man", "Unix"), .init("doc", "R")])

  let output: TableInfo? = nil
  private let text: String

  init(checking arguments: Arguments) throws(Diagnostic) {
    guard let item = arguments.syntax.items.first else {
      text = Reference.commandList
      return
    }
    let word: String
    switch item.value.kind {
    case .name(let name): word = name
    case .literal(.text(let written), _): word = written
    default: word = arguments.scope.text(item.value.range)
    }
    if word == "functions" {
      text = Reference.functionList
    } else if let command = CommandTable.command(word) {
      text = Reference.page(command.spec)
    } else if let function = FunctionTable.function(word) {
      text = Reference.page(function)
    } else if let synonym = CommandTable.synonym(word), let command = CommandTable.command(synonym.command) {
      text = "`\(word)` is \(synonym.language); Martlet says `\(synonym.command)`.\n\n" + Reference.page(command.spec)
    } else {
      let found = Reference.search(word)
      guard !found.isEmpty else {
        let names = Array(CommandTable.byName.keys) + Array(FunctionTable.names)
        throw .unknownHelp(word, nearest: Nearest.name(to: word, in: names), at: item.range)
      }
      text = "Commands about `\(word)`:\n\n" + Reference.list(found)
    }
  }

  func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    context.sink.emit(.markdown(text))
    return flow
  }
}
