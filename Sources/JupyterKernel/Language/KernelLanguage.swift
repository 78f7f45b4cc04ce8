/// A language that the kernel can run. The kernel knows nothing of it but this.
///
/// Each shell calls `execute`, `complete`, `inspect`, `completeness` and `evaluate` one after another, on a thread of its own
/// with a large stack. A frontend may open subshells beside the main shell: so they may run at the same time.
public protocol KernelLanguage: Sendable {
  /// What the kernel says of the language and of itself.
  var info: LanguageInfo { get }
  /// Runs a cell to its end. When the sink's interruption is raised, it ends soon with an `ExecutionError` that says so.
  func execute(_ code: String, sink: CellSink) throws(ExecutionError)
  /// The value of one expression, for `user_expressions`.
  func evaluate(_ expression: String) throws(ExecutionError) -> MIMEBundle
  /// What could stand at the cursor.
  func complete(_ code: String, cursor: CodePointOffset) -> Completions
  /// What the name at the cursor is; nil when there is nothing to say.
  func inspect(_ code: String, cursor: CodePointOffset, detail: Int) -> MIMEBundle?
  /// What a cell opens in the frontend's pager when it only asks about a name; nil when the cell is to be run.
  func page(_ code: String) -> MIMEBundle?
  /// Whether the code can be run as it stands.
  func completeness(_ code: String) -> Completeness
  /// What of a cell may be kept in the history: all but its secrets.
  func kept(_ code: String) -> String
}

extension KernelLanguage {
  /// Nothing in a cell is secret.
  public func kept(_ code: String) -> String { code }
}

/// A place in a text, counted in Unicode code points, as all cursors of the protocol are since version 5.2.
public struct CodePointOffset: Hashable, Sendable {
  /// The number of code points before the place.
  public let value: Int

  /// The place after this many code points of the text, moved into the text when it lies outside.
  public init(_ value: Int, in text: String) { self.value = min(max(value, 0), text.unicodeScalars.count) }

  /// The place after this many code points.
  public init(_ value: Int) { self.value = max(value, 0) }
}

/// What `kernel_info_reply` says.
public struct LanguageInfo: Sendable {
  /// The kernel's name.
  public var implementation: String
  /// The kernel's version.
  public var implementationVersion: String
  /// The language's name.
  public var name: String
  /// The language's version.
  public var version: String
  /// The MIME type of its scripts.
  public var mimetype: String
  /// The ending of its scripts' names, with the dot.
  public var fileExtension: String
  /// The Pygments lexer that colours it in exported reports.
  public var pygmentsLexer: String
  /// The editor mode that colours it in notebooks: a name, or an object with `name` and `mime`.
  public var codeMirrorMode: JSON
  /// What a console prints first.
  public var banner: String
  /// Entries of the frontend's help menu.
  public var helpLinks: [(text: String, url: String)]

  /// Describes a language.
  public init(
    implementation: String, implementationVersion: String, name: String, version: String, mimetype: String,
    fileExtension: String, pygmentsLexer: String, codeMirrorMode: JSON, banner: String,
    helpLinks: [(text: String, url: String)]
  ) {
    self.implementation = implementation
    self.implementationVersion = implementationVersion
    self.name = name
    self.version = version
    self.mimetype = mimetype
    self.fileExtension = fileExtension
    self.pygmentsLexer = pygmentsLexer
    self.codeMirrorMode = codeMirrorMode
    self.banner = banner
    self.helpLinks = helpLinks
  }
}

/// One output in several forms; the frontend shows the richest that it knows.
public struct MIMEBundle: Sendable {
  /// The forms by MIME type. Pictures are base64 texts.
  public var data: [(type: String, value: JSON)]
  /// Widths, heights and alternative texts, by MIME type.
  public var metadata: JSON

  /// Assembles an output.
  public init(_ data: [(type: String, value: JSON)], metadata: JSON = .object([])) {
    self.data = data
    self.metadata = metadata
  }

  /// An output of plain text only.
  public init(text: String) { self.init([("text/plain", .string(text))]) }

  var json: JSON { .object(data.map { ($0.type, $0.value) }) }
}

/// Why a cell failed. Frontends show only the traceback, so it must say everything.
public struct ExecutionError: Error, Sendable {
  /// The kind of failure.
  public var name: String
  /// What failed, in one line.
  public var message: String
  /// Lines, which may hold ANSI colours.
  public var traceback: [String]

  /// Describes a failure.
  public init(name: String, message: String, traceback: [String]) {
    self.name = name
    self.message = message
    self.traceback = traceback
  }

  var json: [(String, JSON)] {
    [
      ("ename", .string(name)), ("evalue", .string(message)),
      ("traceback", .array(traceback.map(JSON.string))),
    ]
  }
}

/// The answer to a completion request.
public struct Completions: Sendable {
  /// One text that could replace the range.
  public struct Match: Sendable {
    /// What is inserted.
    public var text: String
    /// What it is, for the frontend's icon: `keyword`, `function`, `field`.
    public var type: String

    /// Names a match.
    public init(_ text: String, type: String) {
      self.text = text
      self.type = type
    }
  }

  /// The candidates, best first.
  public var matches: [Match]
  /// Where the replaced range begins.
  public var start: CodePointOffset
  /// Where it ends.
  public var end: CodePointOffset

  /// Takes the matches and the range that they replace.
  public init(_ matches: [Match], start: CodePointOffset, end: CodePointOffset) {
    self.matches = matches
    self.start = start
    self.end = end
  }
}

/// Whether a cell can be run as it stands.
public enum Completeness: Hashable, Sendable {
  case complete
  case incomplete(indent: String)
  case invalid
  case unknown
}
