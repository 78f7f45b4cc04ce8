import Columnar

/// Reads tables from files, databases or servers for the `load` command.
package protocol TableLoader: Sendable {
  /// Reads all tables that the request names. Throws a `Diagnostic` of the E6 family, or `Cancelled`.
  func load(_ request: LoadRequest, cancellation: Cancellation) throws -> [LoadedTable]
  /// The table that the request names, to be read when rows are asked for; nil when it is to be read at once, as small files
  /// are, and those whose columns only their last row decides.
  func scan(_ request: LoadRequest, cancellation: Cancellation) throws -> ScannedTable?
  /// The files and folders that a path under the cursor may be completed to.
  func completions(of path: String) -> [String]
}

/// What `load` was asked for.
package struct LoadRequest: Hashable, Sendable {
  /// A path, glob or address.
  package var source: String
  /// The options that were written, by name.
  package var options: [String: Value]
  /// Where the path stands in the cell, for the caret.
  package var range: SourceRange?

  /// Asks for a source.
  package init(_ source: String, options: [String: Value] = [:], range: SourceRange? = nil) {
    self.source = source
    self.options = options
    self.range = range
  }
}

extension TableLoader {
  /// Everything is read at once.
  package func scan(_ request: LoadRequest, cancellation: Cancellation) throws -> ScannedTable? { nil }
}

/// A table whose rows have not been read yet, with what the load card says about it by now.
package struct ScannedTable: Sendable {
  /// The name that it gets when the cell gives none.
  package var name: String
  package var scan: any TableScan
  package var facts: [LoadedTable.Fact]
  /// What was assumed and left out, to be asked for when the rows have been read.
  package var notes: @Sendable () -> [Note]

  /// Describes a table that is not read yet.
  package init(
    name: String, scan: any TableScan, facts: [LoadedTable.Fact], notes: @escaping @Sendable () -> [Note]
  ) {
    self.name = name
    self.scan = scan
    self.facts = facts
    self.notes = notes
  }
}

/// A table that was read, with what the load card says about it.
package struct LoadedTable: Sendable {
  /// The name that it gets when the cell gives none: the file's name without its ending.
  package var name: String
  package var table: Table
  /// Facts of the load card in order: `rows`, `columns`, `encoding`, `delimiter`, `dates`, `missing` …
  package var facts: [Fact]
  package var notes: [Note]

  /// One line of a card.
  package struct Fact: Hashable, Sendable {
    package var label: String
    package var text: String

    /// Labels a fact.
    package init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }

  /// Describes a loaded table.
  package init(name: String, table: Table, facts: [Fact], notes: [Note] = []) {
    self.name = name
    self.table = table
    self.facts = facts
    self.notes = notes
  }
}
