import Columnar
import Query

/// Names of the session and what they stand for while a cell is checked, and the means to compute a constant.
package struct Scope: Sendable {
  /// The tables, in the order of their definition.
  package var tables: [String: TableInfo] = [:]
  package var tableOrder: [String] = []
  package var parameters: [String: SessionParameter] = [:]
  package var definitions: [String: Definition] = [:]
  package var settings = Settings()
  /// The table that a leading command means.
  package var usedTable: String?
  /// Names that stand for an argument of a definition that is being expanded.
  var locals: [String: Bound] = [:]
  /// How deep definitions have been expanded.
  var expansion = 0
  /// Names that are made by the items of the command being checked, before the one at hand.
  var siblings: Set<String> = []
  package var services: ScopeServices
  /// The cell, for column names that follow from its text.
  var source: [Unicode.Scalar] = []
  /// Whether more commands stand behind the one being checked.
  var isFollowed = false
  /// The pipeline being checked, as it was written, for lines that fix it.
  var pipelineRange: SourceRange?

  /// The pipeline being checked on one line.
  var pipelineText: String { pipelineRange.map(text) ?? "" }

  package init(services: ScopeServices) { self.services = services }

  /// A stretch of the cell on one line, with single spaces.
  func text(_ range: SourceRange) -> String {
    guard range.start >= 0, range.end <= source.count else { return "" }
    var text = String.UnicodeScalarView()
    for c in source[range.start..<range.end] {
      if c == "\n" || Lexer.isBlank(c) {
        if text.last != " " { text.append(" ") }
      } else {
        text.append(c)
      }
    }
    return String(text)
  }

  /// Adds or replaces the description of a table.
  package mutating func define(_ name: String, _ info: TableInfo) {
    if tables.updateValue(info, forKey: name) == nil { tableOrder.append(name) }
    parameters[name] = nil
  }

  /// A definition and the cell that it stands in.
  package struct Definition: Sendable {
    package var syntax: DefinitionSyntax
    package var source: String
  }

  /// An argument of a definition, and the names that hold where it was written.
  final class Bound: Sendable {
    let syntax: ExprSyntax
    let locals: [String: Bound]

    init(_ syntax: ExprSyntax, _ locals: [String: Bound]) {
      self.syntax = syntax
      self.locals = locals
    }
  }
}

/// What checking may ask of the world. Nothing here changes the session.
package struct ScopeServices: Sendable {
  /// Computes an expression without columns.
  package var evaluate: @Sendable (Expr) -> Value?
  /// Asks the reader; nil when nobody can answer. While a cell is only checked this gives an empty text.
  package var ask: @Sendable (_ prompt: String, _ password: Bool) -> String?
  /// How many rows of a session table have this text in a column.
  package var occurrences: @Sendable (_ table: String, _ column: String, _ text: String) -> Int
  /// Reads files for `load`; a file is read once a cell.
  package var load: @Sendable (LoadRequest) throws -> [LoadedTable]
  /// Opens a file for `load` without reading its rows, where that is worth while.
  package var scan: @Sendable (LoadRequest) throws -> ScannedTable?
  /// Reads a file of definitions for `include`.
  package var readText: @Sendable (String) -> String?

  package init(
    evaluate: @escaping @Sendable (Expr) -> Value?,
    ask: @escaping @Sendable (String, Bool) -> String? = { _, _ in "" },
    occurrences: @escaping @Sendable (String, String, String) -> Int = { _, _, _ in 0 },
    load: @escaping @Sendable (LoadRequest) throws -> [LoadedTable] = { _ in [] },
    scan: @escaping @Sendable (LoadRequest) throws -> ScannedTable? = { _ in nil },
    readText: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.evaluate = evaluate
    self.ask = ask
    self.occurrences = occurrences
    self.load = load
    self.scan = scan
    self.readText = readText
  }
}
