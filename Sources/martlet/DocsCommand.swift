import ArgumentParser
import MartletLanguage

/// `martlet docs`: the command reference, made from the table of commands.
struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Prints the command reference in Markdown.")

  func run() { print(Reference.document, terminator: "") }
}
