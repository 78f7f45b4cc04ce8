import Columnar

extension Parser {
  /// One verb with its items, clauses and options.
  mutating func command() throws(Diagnostic) -> CommandSyntax {
    guard let token = current, case .name(let word, let quoted) = token.kind else {
      throw .expected("a command", found: current.map(text), at: current?.range ?? endRange)
    }
    index += 1
    let verb = NameSyntax(word, token.range)
    if word == "as", !quoted {
      let name = try expectName("the table's name")
      var command = CommandSyntax(verb: verb, items: [], clauses: [], options: [], range: token.range)
      command.items = [ItemSyntax(name: nil, value: ExprSyntax(.name(name.text), name.range), range: name.range)]
      command.range = token.range.union(name.range)
      return command
    }
    if names.fragments.contains(word), current?.isSymbol(.leftParenthesis) == true {
      index += 1
      let arguments = try callArguments()
      return CommandSyntax(
        verb: verb, fragmentArguments: arguments, items: [], clauses: [], options: [], range: rangeSince(token))
    }
    guard let spec = CommandTable.command(word)?.spec else { return skipUnknown(verb) }
    return try parts(verb, spec, from: token)
  }

  private mutating func parts(_ verb: NameSyntax, _ spec: CommandSpec, from first: Token) throws(Diagnostic)
    -> CommandSyntax
  {
    var command = CommandSyntax(verb: verb, items: [], clauses: [], options: [], range: verb.range)
    // A list item may follow a comma only, so that `basket a b` is caught.
    var mayHaveItem = true
    while let token = current, !token.isSymbol(.pipe), !token.isSymbol(.rightParenthesis) {
      if token.isSymbol(.comma), let next = peek(1) {
        // A comma before an option or a clause is only a comma: `set currency="£", rows=20`.
        index += 1
        if !isOption(next, spec) && clauseKind(next, spec) == nil { mayHaveItem = true }
        continue
      }
      if token.isSymbol(.comma) {
        index += 1
        continue
      }
      if let kind = clauseKind(token, spec) {
        command.clauses.append(try clause(kind, spec))
      } else if isOption(token, spec) || (isNamed(token) && !(mayHaveItem && takesExpressions(spec))) {
        // A name that is no option of the verb is kept as one: the checker knows the nearest.
        command.options.append(try option())
      } else if mayHaveItem {
        command.items += try items(spec, defines: defines(spec))
      } else {
        throw missingSeparator(token)
      }
      mayHaveItem = false
    }
    command.range = rangeSince(first)
    return command
  }

  private func defines(_ spec: CommandSpec) -> Bool { spec.subject.defines }

  /// Whether `name = …` behind the verb may be a definition or a comparison.
  private func takesExpressions(_ spec: CommandSpec) -> Bool {
    switch spec.subject.kind {
    case .expressions, .conditions, .measures, .columns: return true
    case .syntax: return spec.subject.count.upperBound > 1
    case .words, .labels, .tables, .constants: return false
    }
  }

  private func isOption(_ token: Token, _ spec: CommandSpec) -> Bool {
    // An option may be a word of expressions, such as `missing=`.
    guard let word = token.word, spec.option(word) != nil else { return false }
    return isFollowedByAssign(token)
  }

  /// `name =`
  private func isNamed(_ token: Token) -> Bool {
    token.isName && isFollowedByAssign(token)
  }

  private func isFollowedByAssign(_ token: Token) -> Bool {
    guard let position = tokens[index...].firstIndex(where: { $0.range == token.range }) else {
      return false
    }
    return position + 1 < tokens.count && tokens[position + 1].isSymbol(.assign)
  }

  private func clauseKind(_ token: Token, _ spec: CommandSpec) -> ClauseKind? {
    guard let word = token.word else { return nil }
    if word == "sort" { return spec.clause(.sort) != nil ? .sort : nil }
    guard ReservedWords.clauses.contains(word) else { return nil }
    return ClauseKind(rawValue: word)
  }

  /// A list of items; stops before an option, a clause, a pipe, or where no comma stands.
  private mutating func items(_ spec: CommandSpec, defines: Bool) throws(Diagnostic) -> [ItemSyntax] {
    var items: [ItemSyntax] = []
    while true {
      items.append(try item(defines: defines))
      guard current?.isSymbol(.comma) == true else { return items }
      guard let next = peek(1), !next.isSymbol(.pipe), clauseKind(next, spec) == nil, !isOption(next, spec) else {
        // A trailing comma.
        index += 1
        return items
      }
      index += 1
    }
  }

  private mutating func item(defines: Bool) throws(Diagnostic) -> ItemSyntax {
    guard let first = current else { throw .expected("a column or an expression", found: nil, at: endRange) }
    if first.isSymbol(.star) {
      index += 1
      return ItemSyntax(name: nil, value: ExprSyntax(.star, first.range), range: first.range)
    }
    var name: NameSyntax?
    if defines, isNamed(first) {
      name = try expectName("a name")
      index += 1
    }
    let value = try expression()
    var descending: Bool?
    if let token = current, let word = token.word, word == "asc" || word == "desc" {
      descending = word == "desc"
      index += 1
    }
    return ItemSyntax(name: name, value: value, descending: descending, range: rangeSince(first))
  }

  private mutating func clause(_ kind: ClauseKind, _ spec: CommandSpec) throws(Diagnostic) -> ClauseSyntax {
    let keyword = tokens[index]
    index += 1
    var clause = ClauseSyntax(kind: kind, keyword: keyword.range, items: [], range: keyword.range)
    guard let first = current, !first.isSymbol(.pipe) else {
      throw .expected("something behind `\(kind.rawValue)`", found: current.map(text), at: current?.range ?? endRange)
    }
    switch kind {
    case .per: try readGrain(&clause)
    case .for, .after:
      let value = try expression()
      clause.items = [ItemSyntax(name: nil, value: value, range: value.range)]
    case .as:
      let name = try expectName("a name")
      clause.items = [ItemSyntax(name: nil, value: ExprSyntax(.name(name.text), name.range), range: name.range)]
    case .vs where first.isWord("last") || first.isWord("previous"):
      clause.comparison = try expectName("last or previous")
      if let word = current?.word, let unit = CalendarWords.grain(word) {
        clause.grain = unit
        index += 1
      }
    case .vs, .into, .from, .on: clause.items = try items(spec, defines: false)
    case .by: clause.items = try items(spec, defines: true)
    case .sort: clause.items = try items(spec, defines: false)
    }
    clause.range = rangeSince(keyword)
    return clause
  }

  private mutating func readGrain(_ clause: inout ClauseSyntax) throws(Diagnostic) {
    if let token = current, case .literal(.integer(let count), .plain) = token.kind {
      guard let count = Int(exactly: count), (1...1000).contains(count) else { throw .periodCount(at: token.range) }
      clause.count = count
      index += 1
    }
    guard let token = current, let word = token.word, let grain = CalendarWords.grain(word) else {
      throw .unknownGrain(current.map(text), at: current?.range ?? endRange)
    }
    index += 1
    clause.grain = grain
  }

  private mutating func option() throws(Diagnostic) -> OptionSyntax {
    let first = tokens[index]
    let name = try expectName("an option")
    index += 1
    guard current != nil, current?.isSymbol(.pipe) == false else {
      throw .expected("a value for `\(name.text)`", found: current.map(text), at: current?.range ?? endRange)
    }
    let value = try expression()
    return OptionSyntax(name: name, value: value, range: rangeSince(first))
  }

  /// Passes over an unknown command, so that the checker can name it and go on.
  private mutating func skipUnknown(_ verb: NameSyntax) -> CommandSyntax {
    let first = tokens[index - 1]
    var depth = 0
    while let token = current {
      if token.isSymbol(.leftParenthesis) || token.isSymbol(.leftBracket) { depth += 1 }
      if token.isSymbol(.rightParenthesis) || token.isSymbol(.rightBracket) { depth -= 1 }
      if depth < 0 || (depth == 0 && token.isSymbol(.pipe)) { break }
      index += 1
    }
    return CommandSyntax(verb: verb, items: [], clauses: [], options: [], range: rangeSince(first))
  }

  /// Two things stand side by side with nothing between them.
  private func missingSeparator(_ token: Token) -> Diagnostic {
    if let word = token.word, CommandTable.command(word) != nil { return .missingPipe(word, at: token.range) }
    return .missingComma(text(token), at: token.range)
  }
}

/// The words for calendar units.
package enum CalendarWords {
  /// The unit that a word names, in the singular or the plural.
  package static func grain(_ word: String) -> Grain? {
    if let grain = Grain(rawValue: word) { return grain }
    guard word.hasSuffix("s") else { return nil }
    return Grain(rawValue: String(word.dropLast()))
  }
}
