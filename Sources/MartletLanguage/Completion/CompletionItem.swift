/// Something that can be written at the cursor.
package struct CompletionItem: Hashable, Sendable {
  /// What is put in place of the prefix.
  package var text: String
  package var kind: Kind
  /// A few words beside it: a type, a default, a summary.
  package var detail: String

  /// What an item is; front ends show it as a symbol.
  package enum Kind: String, Sendable {
    case table, command, column, role, function, option, clause, keyword, value, parameter, file, setting
  }

  package init(_ text: String, _ kind: Kind, _ detail: String = "") {
    self.text = text
    self.kind = kind
    self.detail = detail
  }
}

/// The items for a cursor, and the stretch of the cell that each of them replaces.
package struct Completion: Sendable {
  package var items: [CompletionItem]
  /// In Unicode scalars.
  package var range: SourceRange
}

/// What is known of the word under the cursor, in Markdown.
package struct Inspection: Hashable, Sendable {
  package var markdown: String
}
