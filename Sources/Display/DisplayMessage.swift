import Charts
import MartletLanguage

/// What a frontend is sent, in order. A result is at most three of these, so that it reads as one block.
package enum DisplayMessage: Sendable {
  /// One output in several forms; with an identifier it can be replaced later.
  case display(DisplayBundle, id: String?)
  /// Replaces the output with this identifier.
  case update(DisplayBundle, id: String)
  case stream(TextStream, String)
  /// Takes away what the cell has shown so far.
  case clear
  /// A failure of the cell.
  case error(DisplayError)
}

/// One output in several forms, of which a frontend shows the richest that it knows.
package struct DisplayBundle: Hashable, Sendable {
  /// One form of an output.
  package enum Content: Hashable, Sendable {
    case text(String)
    /// A JSON value as text.
    case json(String)
    /// The bytes of a picture in base64.
    case base64(String)
  }

  /// A form with its MIME type.
  package struct Part: Hashable, Sendable {
    package var type: String
    package var content: Content

    /// Names a form.
    package init(_ type: String, _ content: Content) {
      self.type = type
      self.content = content
    }
  }

  /// The forms, richest first.
  package var parts: [Part]
  /// Widths, heights and alternative texts by MIME type.
  package var metadata: JSON

  /// Assembles an output.
  package init(_ parts: [Part], metadata: JSON = .object([])) {
    self.parts = parts
    self.metadata = metadata
  }

  /// The text of the form with this MIME type.
  package subscript(type: String) -> String? {
    switch parts.first(where: { $0.type == type })?.content {
    case .text(let text), .json(let text), .base64(let text): text
    case nil: nil
    }
  }
}

/// A failure as frontends want it: they show the traceback only, so it holds everything.
package struct DisplayError: Hashable, Sendable {
  /// The diagnostic's code.
  package var name: String
  /// What was found, in one line.
  package var message: String
  /// Lines with ANSI colours.
  package var traceback: [String]

  /// Assembles a failure.
  package init(name: String, message: String, traceback: [String]) {
    self.name = name
    self.message = message
    self.traceback = traceback
  }
}
