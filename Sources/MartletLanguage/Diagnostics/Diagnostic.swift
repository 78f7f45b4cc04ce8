import Columnar

/// What is wrong with a cell, or notable about its result: a code, one line of prose, and what helps to repair it.
///
/// A command makes one with the functions of `DiagnosticMessages.swift`, where all prose stands.
package struct Diagnostic: Error, Hashable, Sendable {
  /// Whether a result was given nevertheless.
  package enum Severity: String, Hashable, Sendable {
    case error
    case warning
  }

  /// `E101`; the first digit is the family: 1 names, 2 syntax, 3 types and values, 4 tables and roles, 5 statistics, 6 files.
  package var code: String
  /// What was found, in one line without a final period.
  package var message: String
  /// Where the caret points, when the fault stands in the cell.
  package var range: SourceRange?
  /// What is written beside the caret: why, or what may have been meant.
  package var hint: String?
  /// A line to paste.
  package var fix: String?
  /// Further lines below the caret, such as the columns that there are.
  package var details: [String]

  /// Assembles a diagnostic from its parts. No part shows the password of an address.
  package init(
    _ code: String, _ message: String, at range: SourceRange? = nil, hint: String? = nil, fix: String? = nil,
    details: [String] = []
  ) {
    self.code = code
    self.message = SourceAddress.redacted(message)
    self.range = range
    self.hint = hint.map(SourceAddress.redacted)
    self.fix = fix.map(SourceAddress.redacted)
    self.details = details.map(SourceAddress.redacted)
  }

  /// A code that begins with W is a warning.
  package var severity: Severity { code.hasPrefix("W") ? .warning : .error }
}
