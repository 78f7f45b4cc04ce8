/// The one table of commands. A new command is one file and one line here.
package enum CommandTable {
  /// All commands, in the order of the reference.
  package static let all: [any Command.Type] = []
}
