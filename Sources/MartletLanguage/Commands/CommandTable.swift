/// The one table of commands. A new command is one file and one line here.
public enum CommandTable {
  /// All commands, in the order of the reference.
  public static let all: [any Command.Type] = []
}
