/// The messages of the E2 family: what cannot be read. Alphabetical by name; prose stands here and nowhere else.
extension Diagnostic {
  static func badEscape(_ letter: String, digits: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E216", "`\\\(letter)` needs \(digits) hexadecimal digits of a character", at: range,
      hint: "write \\\\\(letter) for a backslash and a letter")
  }

  static func chainedComparison(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E211", "comparisons do not chain", at: range, hint: "join two with `and`, or write `x between low and high`")
  }

  static func closesNothing(_ bracket: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E212", "this \(bracket) closes nothing", at: range, hint: "remove it, or open it before")
  }

  static func durationNotWhole(_ unit: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E213", "a duration counts whole \(unit)", at: range, hint: "write a whole number, such as 7 days")
  }

  static func emptyName(at range: SourceRange) -> Diagnostic {
    Diagnostic("E214", "there is no name between these backticks", at: range, hint: "write the column's name")
  }

  static func expected(_ what: String, found: String?, at range: SourceRange) -> Diagnostic {
    guard let found else {
      return Diagnostic("E203", "\(what) is missing at the end", at: range, hint: "the line ends here")
    }
    return Diagnostic("E203", "expected \(what), found `\(found)`", at: range)
  }

  static func foreignOperator(_ text: String, instead: String, at range: SourceRange) -> Diagnostic {
    let advice = text == ";" ? "put each statement on a line of its own" : "write `\(instead)`"
    return Diagnostic("E207", "`\(text)` is not an operator of Martlet", at: range, hint: advice)
  }

  static func missingComma(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E215", "`\(text)` does not belong to what stands before it", at: range,
      hint: "is a `,` or an operator missing before it?")
  }

  static func missingPipe(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E208", "a command follows without a pipe", at: range, hint: "write `| \(verb)`")
  }

  static func nestedTooDeep(_ limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E209", "brackets and conditions nest deeper than \(limit)", at: range,
      hint: "compute a part with `add` first, or remove brackets")
  }

  static func noSuchDate(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E202", "there is no date \(text)", at: range, hint: "dates are year-month-day, such as 2011-12-09")
  }

  static func numberTooLarge(at range: SourceRange) -> Diagnostic {
    Diagnostic("E205", "this number is too large", at: range, hint: "numbers go up to about 1.8e308")
  }

  static func numberWithLetters(_ digits: String, _ letters: String, at range: SourceRange, letters start: Int)
    -> Diagnostic
  {
    Diagnostic(
      "E217", "a number cannot be followed by `\(letters)`", at: SourceRange(start, range.end),
      hint: "a name that begins with a digit needs backticks: `\(digits)\(letters)`")
  }

  static func openBrace(at range: SourceRange) -> Diagnostic {
    Diagnostic("E218", "this { is never closed", at: range, hint: "close it, or write {{ for a brace")
  }

  static func openBracket(_ bracket: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E210", "this \(bracket) is never closed", at: range, hint: "add a closing \(bracket == "[" ? "]" : ")")")
  }

  static func openName(at range: SourceRange) -> Diagnostic {
    Diagnostic("E219", "this name is never closed", at: range, hint: "add a closing ` before the end of the line")
  }

  static func openText(at range: SourceRange, quote: String) -> Diagnostic {
    Diagnostic(
      "E201", "this text is never closed", at: range,
      hint: quote.count == 3 ? "add a closing \(quote)" : "add a closing \(quote) before the end of the line")
  }

  static func periodCount(at range: SourceRange) -> Diagnostic {
    Diagnostic("E220", "a period is made of 1 to 1,000 units", at: range, hint: "such as `per 2 weeks`")
  }

  static func pipeAfterValue(at range: SourceRange) -> Diagnostic {
    Diagnostic("E221", "a pipeline begins with a table", at: range, hint: "name a table before the pipe")
  }

  static func reservedName(_ name: NameSyntax) -> Diagnostic {
    Diagnostic(
      "E222", "`\(name.text)` is a word of the language and cannot be a name", at: name.range,
      hint: "choose another, or put it in backticks")
  }

  static func unexpected(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E204", "`\(text)` cannot stand here", at: range, hint: "is a `|`, a `,` or an operator missing before it?")
  }

  static func unexpectedCharacter(_ c: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E206", "the character `\(c)` has no meaning here", at: range, hint: "text needs quotes, odd names need backticks"
    )
  }

  static func unknownGrain(_ found: String?, at range: SourceRange) -> Diagnostic {
    let what = found.map { "`\($0)` is not a calendar unit" } ?? "a calendar unit is missing behind `per`"
    return Diagnostic("E223", what, at: range, hint: "units are hour, day, week, month, quarter, year")
  }
}
