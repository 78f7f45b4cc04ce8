import Columnar
import Query

/// Where the cursor stands in a cell: which statement, which command, and behind what.
struct CursorContext {
  /// The scope that the statement under the cursor sees.
  var scope: Scope
  /// What is typed so far of the word under the cursor.
  var prefix: String
  /// The stretch that a completion replaces.
  var range: SourceRange
  var position: Position
  /// The table in front of the command under the cursor; nil when there is none or it is not known.
  var table: TableInfo?

  /// The kinds of place.
  enum Position {
    /// Inside a comment, or somewhere nothing can be said.
    case nowhere
    /// Where a statement, or the value of an assignment, begins.
    case start(isAssignment: Bool)
    /// Behind a pipe.
    case verb
    /// Inside a command; `tail` holds the tokens between the verb and the cursor.
    case command(any Command.Type, tail: [Token])
    /// Inside an expression that belongs to no command.
    case expression
    /// Inside quotes; `before` holds the tokens of the command in front of the quote.
    case text(written: String, before: [Token])
  }

  /// Reads the cell up to the cursor.
  init(_ source: [Unicode.Scalar], cursor: Int, scope: Scope) {
    let cursor = min(max(0, cursor), source.count)
    let left = Array(source[..<cursor])
    let list = Lexer.read(left)
    self.scope = scope
    prefix = ""
    range = SourceRange(cursor, cursor)
    position = .nowhere
    if list.comments.contains(where: {
      $0.start < cursor && cursor <= $0.end && !left[$0.start..<cursor].contains("\n")
    }) {
      return
    }
    var tokens = list.tokens
    var written: String?
    if let last = tokens.last, last.range.end == cursor || list.isTextOpen || last.kind == .invalid {
      switch last.kind {
      case .name(let name, let quoted):
        if last.range.end == cursor {
          prefix = name
          range = last.range
          if quoted { prefix = name }
          tokens.removeLast()
        }
      case .invalid:
        let text = Array(left[last.range.start..<cursor])
        guard let quote = text.first else { break }
        tokens.removeLast()
        if quote == "`" {
          prefix = CursorContext.string(text.dropFirst())
          range = SourceRange(last.range.start, cursor)
        } else if quote == "\"" || quote == "'" {
          written = CursorContext.string(text.dropFirst())
          range = SourceRange(last.range.start + 1, cursor)
        } else {
          return
        }
      default: break
      }
    }
    let (earlier, current) = CursorContext.currentStatement(tokens, list.tokens, left)
    checkEarlier(earlier, source: left)
    place(current, written: written)
  }

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// The tokens of the statement under the cursor, and those before it.
  private static func currentStatement(_ tokens: [Token], _ all: [Token], _ left: [Unicode.Scalar]) -> (
    earlier: [[Token]], current: [Token]
  ) {
    // The word under the cursor takes part in the splitting, as its line and indent decide where it belongs.
    var probe = tokens
    if all.count > tokens.count, let word = all.last {
      probe.append(word)
    } else {
      let lineStart = (left.lastIndex(of: "\n") ?? -1) + 1
      let isFirst = !left[lineStart...].contains { !Lexer.isBlank($0) }
      probe.append(
        Token(
          kind: .name("_", quoted: true), range: SourceRange(left.count, left.count),
          line: left.count { $0 == "\n" }, indent: left.count - lineStart, isFirstOnLine: isFirst, spaceBefore: true))
    }
    let pieces = StatementSplitter.split(probe).map(\.tokens)
    return (pieces.dropLast().map { Array($0) }, Array((pieces.last ?? []).dropLast()))
  }

  /// Lets the statements above define what they define.
  private mutating func checkEarlier(_ statements: [[Token]], source: [Unicode.Scalar]) {
    guard !statements.isEmpty else { return }
    var checker = CellChecker(scope)
    checker.scope.source = source
    let end = statements.last?.last?.range.end ?? 0
    let head = Array(source[..<min(end, source.count)])
    _ = checker.check(Parser.parse(head, Lexer.read(head), names: scope.parserNames).cell)
    scope = checker.scope
  }

  private mutating func place(_ statement: [Token], written: String?) {
    scope.source = []
    var body = statement
    var isAssignment = false
    if body.count >= 2, body[0].isName, body[1].isSymbol(.assign) {
      body.removeFirst(2)
      isAssignment = true
    }
    if body.first?.isWord("param") == true {
      position = body.contains { $0.isSymbol(.assign) } ? .expression : .nowhere
      return
    }
    // A parenthesised pipeline at the front counts as the outer one.
    while body.first?.isSymbol(.leftParenthesis) == true, !CursorContext.isClosed(body) { body.removeFirst() }
    let stage: [Token]
    if let pipe = CursorContext.lastPipe(body) {
      table = schema(Array(body[..<pipe]))
      stage = Array(body[(pipe + 1)...])
      if stage.isEmpty, written == nil {
        position = .verb
        return
      }
    } else {
      stage = body
      if stage.isEmpty, written == nil {
        position = .start(isAssignment: isAssignment)
        return
      }
      table = scope.usedTable.flatMap { scope.tables[$0] }
    }
    if let written {
      position = .text(written: written, before: stage)
      return
    }
    guard let verb = stage.first?.word, let command = CommandTable.command(verb), scope.parameters[verb] == nil else {
      position = .expression
      return
    }
    position = .command(command, tail: Array(stage.dropFirst()))
  }

  private static func isClosed(_ tokens: [Token]) -> Bool {
    var depth = 0
    for token in tokens {
      if token.isSymbol(.leftParenthesis) { depth += 1 }
      if token.isSymbol(.rightParenthesis) {
        depth -= 1
        if depth == 0 { return true }
      }
    }
    return false
  }

  /// The last pipe outside brackets.
  private static func lastPipe(_ tokens: [Token]) -> Int? {
    var depth = 0
    var found: Int?
    for (i, token) in tokens.enumerated() {
      switch token.kind {
      case .symbol(.leftParenthesis), .symbol(.leftBracket): depth += 1
      case .symbol(.rightParenthesis), .symbol(.rightBracket): depth -= 1
      case .symbol(.pipe) where depth <= 0: found = i
      default: break
      }
    }
    return found
  }

  /// The columns behind a pipeline's beginning; when its last command is faulty, those behind the one before.
  private func schema(_ tokens: [Token]) -> TableInfo? {
    var tokens = tokens
    while !tokens.isEmpty {
      if let info = checked(tokens) { return info }
      guard let pipe = CursorContext.lastPipe(tokens) else { return nil }
      tokens = Array(tokens[..<pipe])
    }
    return nil
  }

  private func checked(_ tokens: [Token]) -> TableInfo? {
    var names = scope.parserNames
    names.values = names.values.subtracting(scope.tableOrder)
    guard case .pipeline(let syntax)? = Parser.body(tokens, names: names) else { return nil }
    let checker = PipelineChecker(scope: scope, poisoned: [], silent: Diagnostic("E000", ""))
    return (try? checker.check(syntax))?.output
  }
}

extension Parser {
  /// Reads the body of a statement from tokens; nil when they are none.
  static func body(_ tokens: [Token], names: ParserNames) -> BodySyntax? {
    let end = tokens.last?.range.end ?? 0
    var parser = Parser(names: names, source: [Unicode.Scalar](repeating: " ", count: end))
    parser.tokens = tokens
    return try? parser.body()
  }
}
