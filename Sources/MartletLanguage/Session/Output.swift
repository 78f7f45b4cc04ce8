import Charts
import Columnar

/// One thing that a cell shows. Facts and words only: markup is made of it in the `Display` room.
package enum Output: Sendable {
  /// A table with its chart, headline and notes.
  case result(ResultOutput)
  /// One line about a command that shows no table: an assignment, an export.
  case receipt(Receipt)
  /// The value of an expression.
  case value(Value, Measure)
  /// Printed text, as it is.
  case text(String, TextStream)
  /// Text with Markdown markup, written by the analyst or by a report.
  case markdown(String)
  case progress(Progress)
  /// Takes away what the cell has shown so far.
  case clear
  case diagnostic(RenderedDiagnostic)
}

/// The two text streams of a cell.
package enum TextStream: String, Hashable, Sendable {
  case stdout
  case stderr
}

/// What a pipeline shows: one sentence, a chart, a table, and the notes a reader of the report needs.
package struct ResultOutput: Sendable {
  package var title: String?
  package var headline: String?
  package var chart: Chart?
  /// The table on display: the summary of an analysis that has one, otherwise the detail rows.
  package var table: Table
  /// How many rows of it are shown: nil follows the setting, 0 hides the table.
  package var rows: Int?
  /// The detail rows, when the table on display is their summary.
  package var detail: Table?
  /// Further small tables with a caption, such as a cleaning log.
  package var appendices: [CaptionedTable]
  package var notes: [Note]
  package var settings: Settings

  /// Assembles a result.
  package init(
    title: String? = nil, headline: String? = nil, chart: Chart? = nil, table: Table, rows: Int? = nil,
    detail: Table? = nil, appendices: [CaptionedTable] = [], notes: [Note] = [], settings: Settings = Settings()
  ) {
    self.title = title
    self.headline = headline
    self.chart = chart
    self.table = table
    self.rows = rows
    self.detail = detail
    self.appendices = appendices
    self.notes = notes
    self.settings = settings
  }
}

/// A small table and the line above it.
package struct CaptionedTable: Sendable {
  package var caption: String
  package var table: Table

  /// Pairs a table with its caption.
  package init(_ caption: String, _ table: Table) {
    self.caption = caption
    self.table = table
  }
}

/// What one line of an assignment or an export says, and the notes of the pipeline behind it.
package struct Receipt: Sendable {
  /// `sales: 397,884 rows, 8 columns`.
  package var line: String
  package var notes: [Note]
  package var appendices: [CaptionedTable]

  /// Assembles a receipt.
  package init(_ line: String, notes: [Note] = [], appendices: [CaptionedTable] = []) {
    self.line = line
    self.notes = notes
    self.appendices = appendices
  }
}

/// One line under a result.
package struct Note: Hashable, Sendable {
  /// What kind of line it is; it decides the label and the order.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case warning = "Warning"
    /// Written by the analyst with `note`.
    case remark = "Note"
    case assumed = "Assumed"
    case leftOut = "Left out"
    /// What a step did with its rows.
    case step = "Steps"
    case definition = "Definition"
  }

  package var kind: Kind
  package var text: String

  /// Notes something; notes of one kind are joined with ` · `.
  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// How far a long command is.
package struct Progress: Hashable, Sendable {
  /// Equal for all reports of one command, so that each replaces the one before.
  package var id: Int
  package var label: String
  /// 0…1; at 1 the command is done, and the report disappears.
  package var fraction: Double

  /// Reports progress.
  package init(id: Int, label: String, fraction: Double) {
    self.id = id
    self.label = label
    self.fraction = fraction
  }
}

/// A diagnostic with the source that its caret points into.
package struct RenderedDiagnostic: Error {
  package var diagnostic: Diagnostic
  package var source: String

  /// Pairs a diagnostic with its cell, in which no address shows a password.
  package init(_ diagnostic: Diagnostic, source: String) {
    self.diagnostic = diagnostic
    let range = diagnostic.range
    let (shown, moved) = SourceAddress.redacted(source, moving: range.map { [$0.start, $0.end] } ?? [])
    self.source = shown
    if moved.count == 2 { self.diagnostic.range = SourceRange(moved[0], moved[1]) }
  }
}

/// Takes what a cell shows, in order, while it runs.
package protocol OutputSink: Sendable {
  /// Shows one thing.
  func emit(_ output: Output)
  /// Asks the reader for a line of text; nil when nobody can answer.
  func ask(_ prompt: String, password: Bool) throws -> String?
}
