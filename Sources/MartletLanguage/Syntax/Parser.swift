import Columnar

/// Reads the tokens of a cell into a tree, by recursive descent with one token of look-ahead.
///
/// ```ebnf
/// cell       = { statement NEWLINE } ;
/// statement  = param | define | include | assignment | body ;
/// param      = "param" name "=" expr [ "in" list ] [ TEXT ] ;
/// define     = "define" name "(" [ name [ "=" expr ] { "," name [ "=" expr ] } ] ")" "="
///              ( "|" command stages | pipeline | expr ) ;
/// include    = "include" TEXT ;
/// assignment = name "=" body ;                    (* tried first, even if the name is a verb *)
/// body       = pipeline | expr ;
/// pipeline   = ( name | "(" pipeline ")" ) stages | command stages ;
/// stages     = { "|" command } ;
/// command    = "as" name | fragment "(" [ arguments ] ")" | verb { items | clause | option } ;
/// clause     = "per" [ NUMBER ] unit | ( "for" | "after" ) expr
///            | "vs" ( ( "last" | "previous" ) [ unit ] | items ) | "as" name
///            | ( "by" | "into" | "from" | "on" ) items | "sort" items ;       (* sort: in add only *)
/// option     = [ "," ] name "=" expr ;            (* the name is an option of this verb *)
/// items      = item { "," item } [ "," ] ;
/// item       = "*" | [ name "=" ] expr [ "asc" | "desc" ] ;  (* name= in defining verbs and by *)
/// expr       = "if" expr "then" expr "else" expr | or ;
/// or         = and { "or" and } ;
/// and        = not { "and" not } ;
/// not        = { "not" } comparison ;
/// comparison = additive [ ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) additive
///            | "is" [ "not" ] "missing"
///            | [ "not" ] ( ( "in" | "contains" | "matches" | ( "starts" | "ends" ) "with" ) additive
///                        | "between" additive "and" additive ) ] ;
/// additive   = term { ( "+" | "-" | "??" ) term } ;
/// term       = unary { ( "*" | "/" ) unary } ;
/// unary      = { "-" } primary [ "^" unary ] ;
/// primary    = NUMBER [ unit ] | PERCENT | TEXT | DATE | PERIOD | "missing" | "true" | "false"
///            | "[" [ expr { "," expr } [ "," ] ] "]" | "(" expr ")"
///            | name "(" [ ( "*" | [ name "=" ] expr ) { "," … } ] ")" | name [ "." name ] ;
/// ```
///
/// The parser never fails: a statement that it cannot read becomes a diagnostic, and the next statement is read afresh.
package struct Parser {
  let names: ParserNames
  var tokens: [Token] = []
  var index = 0
  var depth = 0
  let source: [Unicode.Scalar]

  /// How deep brackets, calls and conditions may nest. A recursive parser without a limit ends in a stack overflow.
  static let maximumDepth = 150

  init(names: ParserNames, source: [Unicode.Scalar]) {
    self.names = names
    self.source = source
  }

  /// What the parser made of a cell.
  package struct Result: Sendable {
    package var cell: CellSyntax
    package var diagnostics: [Diagnostic]
  }

  /// Reads a cell. `names` tells verbs from tables and values where the grammar alone cannot.
  package static func parse(_ source: String, names: ParserNames = ParserNames()) -> Result {
    let scalars = Array(source.unicodeScalars)
    return parse(scalars, Lexer.read(scalars), names: names)
  }

  /// Reads a cell whose tokens are known.
  package static func parse(_ source: [Unicode.Scalar], _ list: TokenList, names: ParserNames) -> Result {
    var diagnostics = list.diagnostics
    var names = names
    var statements: [StatementSyntax] = []
    for piece in StatementSplitter.split(list.tokens) {
      // A lexical error has been reported already; parsing around it would only add noise.
      if piece.tokens.contains(where: { $0.kind == .invalid }) { continue }
      var parser = Parser(names: names, source: source)
      parser.tokens = piece.tokens
      do {
        let statement = try parser.statement(help: list.helpLines)
        names.learn(statement)
        statements.append(statement)
      } catch {
        if let open = piece.openBracket, parser.isAtEnd {
          diagnostics.append(.openBracket(open.kind == .symbol(.leftBracket) ? "[" : "(", at: open.range))
        } else {
          diagnostics.append(error)
        }
      }
    }
    return Result(cell: CellSyntax(statements: statements), diagnostics: diagnostics)
  }

  // MARK: Statements

  private mutating func statement(help: [Int: String]) throws(Diagnostic) -> StatementSyntax {
    let kind = try statementKind(help: help)
    if let extra = current { throw unexpected(extra) }
    return StatementSyntax(kind: kind, range: wholeRange)
  }

  private mutating func statementKind(help: [Int: String]) throws(Diagnostic) -> StatementSyntax.Kind {
    guard let first = current else { return .body(.expr(ExprSyntax(.literal(.missing, .plain), SourceRange(0, 0)))) }
    let second = peek(1)
    if case .name = first.kind, second?.isSymbol(.assign) == true { return try assignment() }
    if first.isWord("param"), second?.isName == true { return try parameter() }
    if first.isWord("define"), second?.isName == true { return try definition(help: help) }
    if first.isWord("include"), let second, case .text(let path) = second.kind {
      index += 2
      return .include(path, second.range)
    }
    return .body(try body())
  }

  private mutating func assignment() throws(Diagnostic) -> StatementSyntax.Kind {
    let name = try expectName("a name")
    if ReservedWords.all.contains(name.text), tokens[index - 1].word != nil { throw .reservedName(name) }
    index += 1
    guard current != nil else { throw .expected("a table or a value", found: nil, at: endRange) }
    return .assignment(name, try body())
  }

  private mutating func parameter() throws(Diagnostic) -> StatementSyntax.Kind {
    index += 1
    let name = try expectName("the parameter's name")
    try expectSymbol(.assign)
    let value = try additive()
    var choices: ExprSyntax?
    if takeWord("in") { choices = try additive() }
    var label: String?
    if let token = current, case .text(let text) = token.kind {
      label = text
      index += 1
    }
    return .param(name, value, choices: choices, label: label)
  }

  private mutating func definition(help: [Int: String]) throws(Diagnostic) -> StatementSyntax.Kind {
    let line = tokens[index].line
    index += 1
    let name = try expectName("the name of the definition")
    try expectSymbol(.leftParenthesis)
    var parameters: [ArgumentSyntax.Parameter] = []
    while let token = current, !token.isSymbol(.rightParenthesis) {
      let parameter = try expectName("a parameter's name")
      var value: ExprSyntax?
      if takeSymbol(.assign) { value = try additive() }
      parameters.append(ArgumentSyntax.Parameter(name: parameter, defaultValue: value))
      if !takeSymbol(.comma) { break }
    }
    try expectSymbol(.rightParenthesis)
    try expectSymbol(.assign)
    var text: [String] = []
    var above = line - 1
    while let help = help[above] {
      text.insert(help, at: 0)
      above -= 1
    }
    let definitionBody: DefinitionSyntax.Body
    if current?.isSymbol(.pipe) == true {
      definitionBody = .stages(try stages())
    } else {
      switch try body() {
      case .pipeline(let pipeline) where pipeline.stages.isEmpty:
        guard case .table(let single) = pipeline.source else { definitionBody = .pipeline(pipeline); break }
        definitionBody = .expr(ExprSyntax(.name(single.text), single.range))
      case .pipeline(let pipeline): definitionBody = .pipeline(pipeline)
      case .expr(let expr): definitionBody = .expr(expr)
      }
    }
    return .define(
      DefinitionSyntax(
        name: name, parameters: parameters, body: definitionBody, help: text.joined(separator: "\n")))
  }

  // MARK: Pipelines

  mutating func body() throws(Diagnostic) -> BodySyntax {
    guard let first = current else { throw .expected("a table or a value", found: nil, at: endRange) }
    switch form(first) {
    case .expression:
      let value = try expression()
      if let pipe = current, pipe.isSymbol(.pipe) { throw .pipeAfterValue(at: pipe.range) }
      return .expr(value)
    case .table:
      let name = try expectName("a table")
      let rest = try stages()
      return .pipeline(pipeline(.table(name), rest, from: first))
    case .nested:
      depth += 1
      defer { depth -= 1 }
      guard depth <= Parser.maximumDepth else { throw .nestedTooDeep(Parser.maximumDepth, at: first.range) }
      index += 1
      guard case .pipeline(let inner) = try body() else { throw .pipeAfterValue(at: first.range) }
      try expectSymbol(.rightParenthesis)
      let rest = try stages()
      return .pipeline(pipeline(.pipeline(inner), rest, from: first))
    case .command:
      // `sales where …`: the first word is no command, the second is.
      if let word = first.word, !names.isVerb(word), !names.fragments.contains(word), let second = peek(1),
        let verb = second.word, names.isVerb(verb)
      {
        throw .missingPipe(verb, at: second.range)
      }
      let command = try command()
      let rest = try stages()
      return .pipeline(pipeline(.none, [command] + rest, from: first))
    }
  }

  private enum BodyForm { case expression, table, nested, command }

  /// What a statement's body is, by its first tokens.
  private func form(_ first: Token) -> BodyForm {
    if first.isSymbol(.leftParenthesis) { return isNestedPipeline ? .nested : .expression }
    guard case .name(let name, let quoted) = first.kind else { return .expression }
    if !quoted, ReservedWords.expression.contains(name) { return .expression }
    guard let second = peek(1), !second.isSymbol(.rightParenthesis) else { return .table }
    if second.isSymbol(.pipe) { return .table }
    let isVerb = !quoted && names.isVerb(name) && !names.values.contains(name)
    switch second.kind {
    case .symbol(.leftParenthesis):
      if names.fragments.contains(name) { return .command }
      return isVerb && (second.spaceBefore || !names.functions.contains(name)) ? .command : .expression
    case .symbol(.minus), .symbol(.star), .symbol(.leftBracket): return isVerb ? .command : .expression
    case .symbol: return .expression
    case .name(let word, quoted: false) where ReservedWords.expression.contains(word):
      return isVerb && ["if", "not", "missing", "true", "false"].contains(word) ? .command : .expression
    default: return .command
    }
  }

  /// Whether the parenthesis at the current token holds a pipeline, or stands before a pipe.
  private var isNestedPipeline: Bool {
    var depth = 0
    var i = index
    while i < tokens.count {
      if case .symbol(let symbol) = tokens[i].kind {
        switch symbol {
        case .leftParenthesis, .leftBracket: depth += 1
        case .rightParenthesis, .rightBracket:
          depth -= 1
          if depth == 0 { return i + 1 < tokens.count && tokens[i + 1].isSymbol(.pipe) }
        case .pipe where depth == 1: return true
        default: break
        }
      }
      i += 1
    }
    return false
  }

  private func pipeline(_ source: PipelineSyntax.Source, _ stages: [CommandSyntax], from first: Token) -> PipelineSyntax
  {
    let end = index > 0 ? tokens[index - 1].range : first.range
    return PipelineSyntax(source: source, stages: stages, range: first.range.union(end))
  }

  mutating func stages() throws(Diagnostic) -> [CommandSyntax] {
    var stages: [CommandSyntax] = []
    while takeSymbol(.pipe) { stages.append(try command()) }
    return stages
  }
}

/// The names that tell verbs, tables, values and fragments apart while a cell is parsed.
package struct ParserNames: Sendable {
  /// The values of the session: parameters and variables.
  package var values: Set<String>
  /// The pipeline fragments that `define` made.
  package var fragments: Set<String>
  /// The functions of the language and of `define`.
  package var functions: Set<String>

  /// Names of a session.
  package init(values: Set<String> = [], fragments: Set<String> = [], functions: Set<String> = []) {
    self.values = values
    self.fragments = fragments
    self.functions = functions.union(FunctionTable.names)
  }

  /// Whether the command table has the name.
  func isVerb(_ name: String) -> Bool { CommandTable.command(name) != nil }

  /// Takes up what a statement defines for the statements behind it.
  mutating func learn(_ statement: StatementSyntax) {
    switch statement.kind {
    case .param(let name, _, _, _), .assignment(let name, .expr): values.insert(name.text)
    case .assignment(let name, .pipeline(let pipeline)):
      // `y = x` names whatever x is.
      if pipeline.stages.isEmpty, case .table(let other) = pipeline.source, values.contains(other.text) {
        values.insert(name.text)
      } else {
        values.remove(name.text)
      }
    case .define(let definition):
      if case .stages = definition.body { fragments.insert(definition.name.text) }
      functions.insert(definition.name.text)
    case .body, .include: break
    }
  }
}
