import Columnar
import Query

/// Compares what was written behind a verb with the command's spec, and converts options to their types.
enum ArgumentChecker {
  /// Checked arguments for a command.
  static func check(_ syntax: CommandSyntax, _ spec: CommandSpec, table: TableInfo?, scope: Scope) throws(Diagnostic)
    -> Arguments
  {
    var arguments = Arguments(
      spec: spec, syntax: syntax, table: table ?? TableInfo(name: "", schema: Schema([])), scope: scope)
    try checkItems(arguments)
    try checkClauses(arguments)
    for option in syntax.options where spec.option(option.name.text) == nil {
      throw .unknownOption(option.name.text, verb: spec, at: option.name.range)
    }
    try readRoleOptions(&arguments)
    for option in spec.options {
      if let written = syntax.options.last(where: { $0.name.text == option.name }) {
        arguments.options[option.name] = try convert(written.value, option, option.type, arguments)
      } else if let source = option.defaultValue {
        arguments.options[option.name] = try defaultValue(source, option, arguments)
      }
    }
    return arguments
  }

  private static func checkItems(_ arguments: Arguments) throws(Diagnostic) {
    let (spec, items) = (arguments.spec, arguments.syntax.items)
    if items.count > spec.subject.count.upperBound {
      let extra = items[spec.subject.count.upperBound]
      throw .tooManyItems(spec, at: extra.range)
    }
    if items.count < spec.subject.count.lowerBound { throw .missingSubject(spec, at: arguments.range) }
    for item in items {
      if item.value.isStar, !spec.subject.star { throw .noStar(spec, at: item.range) }
      if item.descending != nil, !spec.subject.sorts { throw .noDirection(spec, at: item.range) }
    }
    if case .words(let words) = spec.subject.kind {
      for item in items {
        guard case .name(let word) = item.value.kind else { continue }
        guard words.contains(word) else {
          throw .unknownWord(
            word, for: "\(spec.name) \(spec.subject.placeholder.lowercased())", among: words, at: item.range)
        }
      }
    }
  }

  private static func checkClauses(_ arguments: Arguments) throws(Diagnostic) {
    var seen: Set<ClauseKind> = []
    for clause in arguments.syntax.clauses {
      guard let known = arguments.spec.clause(clause.kind) else {
        throw .noClause(clause.kind.rawValue, verb: arguments.spec, at: clause.keyword)
      }
      guard seen.insert(clause.kind).inserted else { throw .clauseTwice(clause.kind.rawValue, at: clause.keyword) }
      if clause.kind == .per, clause.count != 1 { throw .periodOfSeveral(at: clause.range) }
      if clause.items.count > known.count.upperBound {
        throw .tooManyInClause(
          clause.kind.rawValue, known.count.upperBound, at: clause.items[known.count.upperBound].range)
      }
    }
    for clause in arguments.spec.clauses where clause.required && !seen.contains(clause.kind) {
      throw .clauseMissing(
        "\(clause.kind.rawValue) \(clause.placeholder)", verb: arguments.spec.name, doc: clause.doc, at: arguments.range
      )
    }
  }

  /// `date=order_date` gives a role its column before anything else is resolved.
  private static func readRoleOptions(_ arguments: inout Arguments) throws(Diagnostic) {
    for option in arguments.syntax.options {
      guard let role = Role(rawValue: option.name.text), let spec = arguments.spec.option(option.name.text),
        case .column = spec.type
      else { continue }
      guard case .name(let name) = option.value.kind, arguments.table.schema[name] != nil else { continue }
      arguments.roleColumns[role] = name
    }
  }

  private static func defaultValue(_ source: String, _ option: OptionSpec, _ arguments: Arguments) throws(Diagnostic)
    -> OptionValue?
  {
    guard let syntax = Parser.expression(source) else {
      throw Diagnostic("E001", "the default of `\(option.name)` in the table of commands cannot be read")
    }
    // A default that names a column holds only where the table has it.
    switch option.type {
    case .column, .expression, .measure:
      return try? convert(syntax, option, option.type, arguments)
    default: return try convert(syntax, option, option.type, arguments)
    }
  }

  // MARK: Conversion

  private static func convert(_ syntax: ExprSyntax, _ option: OptionSpec, _ type: OptionType, _ arguments: Arguments)
    throws(Diagnostic) -> OptionValue
  {
    switch type {
    case .either(let words, let other):
      if case .name(let word) = syntax.kind, words.contains(word), arguments.scope.parameters[word] == nil {
        return .constant(.text(word), .plain)
      }
      if case .literal(.text(let word), _) = syntax.kind, words.contains(word) { return .constant(.text(word), .plain) }
      if case .name(let word) = syntax.kind, arguments.scope.parameters[word] == nil, !other.takesNames {
        throw .unknownWord(word, for: "value of `\(option.name)`", among: words, at: syntax.range)
      }
      return try convert(syntax, option, other, arguments)
    case .word(let words):
      let word = try self.word(syntax, arguments)
      guard words.contains(word) else {
        throw .unknownWord(word, for: "value of `\(option.name)`", among: words, at: syntax.range)
      }
      return .constant(.text(word), .plain)
    case .words(let words): return .constant(.list(try self.words(syntax, option, words, arguments)), .plain)
    case .column(let kind):
      let item = ItemSyntax(name: nil, value: syntax, range: syntax.range)
      guard let column = try arguments.columns([item], kind).first else {
        throw .notAColumn(verb: option.name, at: syntax.range)
      }
      return .item(column)
    case .shown(let kind): return .constant(.list(try shownColumns(syntax, kind, arguments)), .plain)
    case .expression:
      let item = ItemSyntax(name: nil, value: syntax, range: syntax.range)
      guard let value = try arguments.expressions([item]).first else {
        throw .notAColumn(verb: option.name, at: syntax.range)
      }
      return .item(value)
    case .measure:
      let item = ItemSyntax(name: nil, value: syntax, range: syntax.range)
      guard let value = try arguments.measures([item], keys: []).first else {
        throw .notAColumn(verb: option.name, at: syntax.range)
      }
      return .measure(value)
    case .table:
      guard case .name(let name) = syntax.kind else {
        throw .expected("a table's name", found: arguments.scope.text(syntax.range), at: syntax.range)
      }
      guard arguments.scope.tables[name] != nil else {
        throw .unknownTable(name, among: arguments.scope.tableOrder, at: syntax.range)
      }
      return .constant(.text(name), .plain)
    default:
      var resolver = Resolver(arguments.scope, nil, verb: arguments.spec.name)
      let (value, measure) = try resolver.constant(syntax)
      return .constant(try constant(value, option, type, at: syntax.range), measure)
    }
  }

  private static func constant(_ value: Value, _ option: OptionSpec, _ type: OptionType, at range: SourceRange)
    throws(Diagnostic) -> Value
  {
    func wrong(_ what: String) -> Diagnostic {
      .wrongType("`\(option.name)`", needs: what, found: ExprType(literal: value).displayName, at: range)
    }
    switch type {
    case .number(let bounds):
      guard let number = value.number else { throw wrong("a number") }
      guard bounds.contains(number) else {
        throw .optionRange(option.name, Words.bounds(bounds), found: ValueText.plain(value), at: range)
      }
      return value
    case .integer(let bounds):
      guard case .integer(let i) = value, let n = Int(exactly: i) else { throw wrong("a whole number") }
      guard bounds.contains(n) else { throw .optionRange(option.name, Words.bounds(bounds), found: "\(n)", at: range) }
      return value
    case .share:
      guard let number = value.number else { throw wrong("a share such as 60%") }
      guard (0...1).contains(number) else { throw .shareRange(option.name, value, at: range) }
      return .real(number)
    case .flag:
      guard case .boolean = value else { throw wrong("true or false") }
      return value
    case .text:
      guard case .text = value else { throw wrong("text in quotes") }
      return value
    case .duration:
      guard case .duration = value else { throw wrong("a duration such as 90 days") }
      return value
    case .date:
      if case .text(let text) = value, let date = DateLiteral.value(text) { return date }
      guard ExprType(literal: value).isTemporal else { throw wrong("a date such as 2011-12-09") }
      return value
    case .numbers:
      if value.number != nil { return .list([value]) }
      guard case .list(let items) = value, items.allSatisfy({ $0.number != nil }) else {
        throw wrong("a list of numbers")
      }
      return value
    case .texts:
      if case .text = value { return .list([value]) }
      guard case .list(let items) = value else { throw wrong("a list of texts") }
      return .list(items.map { .text(ValueText.plain($0)) })
    default: return value
    }
  }

  /// The names of columns of the displayed table or, when it lacks one of them, of the rows below it.
  private static func shownColumns(_ syntax: ExprSyntax, _ kind: ColumnKind, _ arguments: Arguments) throws(Diagnostic)
    -> [Value]
  {
    let items: [ExprSyntax] = if case .list(let items) = syntax.kind { items } else { [syntax] }
    var names: [Value] = []
    for item in items {
      guard case .name(let name) = item.kind else { throw .notAColumn(verb: arguments.spec.name, at: item.range) }
      if let field = arguments.table.summary?[name], kind.fits(field) {
        names.append(.text(name))
        continue
      }
      let column = ItemSyntax(name: nil, value: item, range: item.range)
      guard case .column(let found)? = try arguments.columns([column], kind).first?.expr else {
        throw .notAColumn(verb: arguments.spec.name, at: item.range)
      }
      names.append(.text(found))
    }
    return names
  }

  private static func word(_ syntax: ExprSyntax, _ arguments: Arguments) throws(Diagnostic) -> String {
    if case .name(let name) = syntax.kind, arguments.scope.parameters[name] == nil { return name }
    var resolver = Resolver(arguments.scope, nil, verb: arguments.spec.name)
    return ValueText.plain(try resolver.constant(syntax).value)
  }

  private static func words(_ syntax: ExprSyntax, _ option: OptionSpec, _ words: [String], _ arguments: Arguments)
    throws(Diagnostic) -> [Value]
  {
    let items: [ExprSyntax] = if case .list(let items) = syntax.kind { items } else { [syntax] }
    var values: [Value] = []
    for item in items {
      let word = try self.word(item, arguments)
      guard words.contains(word) else {
        throw .unknownWord(word, for: "value of `\(option.name)`", among: words, at: item.range)
      }
      values.append(.text(word))
    }
    return values
  }
}

extension OptionType {
  /// Whether a bare name may be a value of the type.
  fileprivate var takesNames: Bool {
    switch self {
    case .column, .shown, .expression, .measure, .table, .word, .words: true
    case .either(_, let other): other.takesNames
    default: false
    }
  }
}

extension Parser {
  /// Reads one expression; nil when the text is none.
  package static func expression(_ source: String) -> ExprSyntax? {
    let scalars = Array(source.unicodeScalars)
    let list = Lexer.read(scalars)
    guard list.diagnostics.isEmpty else { return nil }
    var parser = Parser(names: ParserNames(), source: scalars)
    parser.tokens = list.tokens
    guard let value = try? parser.expression(), parser.isAtEnd else { return nil }
    return value
  }
}
