/// What the cursor stands behind, inside a command.
struct ArgumentPlace {
  enum Kind {
    /// Where an item of a list begins.
    case item(ItemKind)
    case optionValue(OptionSpec)
    case grain
    case comparison
    /// A new name, which nobody can guess.
    case name
    /// Behind a finished item, value or clause.
    case afterOperand
    case insideCall
  }

  private(set) var kind: Kind
  /// What has been written already.
  private(set) var clauses: Set<ClauseKind> = []
  private(set) var options: Set<String> = []
  /// The list that the cursor stands in.
  private(set) var list: ItemKind?
  private(set) var isSubject = true
  /// Whether nothing stands behind the verb yet.
  let isAtVerb: Bool

  /// Reads the tokens behind a verb.
  init(_ spec: CommandSpec, _ tail: [Token]) {
    isAtVerb = tail.isEmpty
    list = spec.subject.count.upperBound > 0 ? spec.subject.kind : nil
    kind = list.map { .item($0) } ?? .afterOperand
    var depth = 0
    for (i, token) in tail.enumerated() {
      let next = i + 1 < tail.count ? tail[i + 1] : nil
      switch token.kind {
      case .symbol(.leftParenthesis), .symbol(.leftBracket):
        depth += 1
        kind = .insideCall
        continue
      case .symbol(.rightParenthesis), .symbol(.rightBracket):
        depth -= 1
        kind = depth > 0 ? .insideCall : .afterOperand
        continue
      default: break
      }
      if depth > 0 { continue }
      if let word = token.word, let clause = ClauseKind(rawValue: word), let known = spec.clause(clause),
        !token.isName || word == "sort"
      {
        clauses.insert(clause)
        isSubject = false
        list = known.items
        switch clause {
        case .per: kind = .grain
        case .vs: kind = .comparison
        case .as: kind = .name
        default: kind = .item(known.items)
        }
        continue
      }
      if let word = token.word, let option = spec.option(word), next?.isSymbol(.assign) == true {
        options.insert(word)
        isSubject = false
        list = nil
        kind = .optionValue(option)
        continue
      }
      switch token.kind {
      case .symbol(.assign):
        if case .optionValue = kind, i > 0, options.contains(tail[i - 1].word ?? "") { continue }
        kind = .item(.expressions)
      case .symbol(.comma): kind = list.map { .item($0) } ?? .afterOperand
      case .symbol(.star) where isItemStar(tail, i): kind = .afterOperand
      case .symbol: kind = .item(.expressions)
      case .name(let word, quoted: false) where ReservedWords.expression.contains(word):
        kind = ["missing", "true", "false"].contains(word) ? .afterOperand : .item(.expressions)
      default: kind = .afterOperand
      }
    }
  }

  private func isItemStar(_ tail: [Token], _ i: Int) -> Bool { i == 0 || tail[i - 1].isSymbol(.comma) }
}
