import Columnar

extension Lexer {
  /// A number, percent, date, period or short duration. The current scalar is a digit, or a point before one.
  mutating func readNumber() -> Token.Kind {
    let start = position
    if let date = readDate() { return date }
    position = start
    var digits = ""
    var isReal = false
    func take(_ lexer: inout Lexer) {
      while let c = lexer.peek(), Lexer.isDigit(c) || c == "_" {
        if c != "_" { digits.unicodeScalars.append(c) }
        lexer.position += 1
      }
    }
    take(&self)
    if peek() == ".", let next = peek(1), Lexer.isDigit(next) {
      isReal = true
      digits += digits.isEmpty ? "0." : "."
      position += 1
      take(&self)
    }
    if peek() == "e" || peek() == "E" {
      let signed = peek(1) == "+" || peek(1) == "-"
      if let next = peek(signed ? 2 : 1), Lexer.isDigit(next) {
        isReal = true
        digits += "e"
        if signed, let sign = peek(1) { digits.unicodeScalars.append(sign) }
        position += signed ? 2 : 1
        take(&self)
      }
    }
    guard let number = Double(digits), number.isFinite else {
      diagnostics.append(.numberTooLarge(at: SourceRange(start, position)))
      return .invalid
    }
    return finishNumber(start, digits, number, isReal)
  }

  private mutating func finishNumber(_ start: Int, _ digits: String, _ number: Double, _ isReal: Bool) -> Token.Kind {
    if peek() == "%" {
      position += 1
      return .literal(.real(number / 100), .percent)
    }
    let integer = isReal ? nil : Int64(digits)
    guard let c = peek(), Lexer.continuesName(c) else {
      if let integer { return .literal(.integer(integer), .plain) }
      return .literal(.real(number), .plain)
    }
    let letters = position
    var suffix = String.UnicodeScalarView()
    while let c = peek(), Lexer.continuesName(c) {
      suffix.append(c)
      position += 1
    }
    if let integer, let count = Int(exactly: integer), let grain = Lexer.shortUnits[String(suffix)] {
      if let duration = CalendarDuration(checked: count, grain) { return .literal(.duration(duration), .plain) }
      diagnostics.append(.numberTooLarge(at: SourceRange(start, position)))
      return .invalid
    }
    diagnostics.append(
      .numberWithLetters(digits, String(suffix), at: SourceRange(start, position), letters: letters))
    return .invalid
  }

  /// `7d`, `4w`, `12h`.
  private static let shortUnits: [String: Grain] = ["d": .day, "w": .week, "h": .hour]

  /// A date, moment or period; nil when the digits are a number.
  private mutating func readDate() -> Token.Kind? {
    let start = position
    guard let year = fixedDigits(4), peek() == "-" else { return nil }
    position += 1
    if peek() == "Q" || peek() == "q" {
      position += 1
      guard let quarter = fixedDigits(1), endsWord else { return nil }
      guard (1...4).contains(quarter), let day = CivilDate(year: year, month: quarter * 3 - 2, day: 1) else {
        return badDate(start)
      }
      return .literal(.period(Period(.quarter, containing: day)), .plain)
    }
    if peek() == "W" || peek() == "w" {
      position += 1
      guard let week = fixedDigits(2), endsWord else { return nil }
      guard let period = Period(isoYear: year, week: week) else { return badDate(start) }
      return .literal(.period(period), .plain)
    }
    guard let month = fixedDigits(2) else { return nil }
    guard peek() == "-" else {
      guard endsWord, (1...12).contains(month), let day = CivilDate(year: year, month: month, day: 1) else {
        return nil
      }
      return .literal(.period(Period(.month, containing: day)), .plain)
    }
    position += 1
    guard let day = fixedDigits(2) else { return nil }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      while let c = peek(), Lexer.continuesName(c) { position += 1 }
      return badDate(start)
    }
    if peek() == "T", let next = peek(1), Lexer.isDigit(next) {
      position += 1
      guard let time = readTime() else { return badDate(start) }
      return .literal(.datetime(Timestamp(microseconds: Timestamp(date).microseconds &+ time)), .plain)
    }
    guard endsWord else { return badDate(start) }
    return .literal(.date(date), .plain)
  }

  /// Microseconds of `08:26`, `08:26:30`, `08:26:30.125`.
  private mutating func readTime() -> Int64? {
    guard let hour = fixedDigits(2), hour < 24, peek() == ":" else { return nil }
    position += 1
    guard let minute = fixedDigits(2), minute < 60 else { return nil }
    var microseconds = Int64(hour * 60 + minute) * 60_000_000
    guard peek() == ":" else { return endsWord ? microseconds : nil }
    position += 1
    guard let second = fixedDigits(2), second < 60 else { return nil }
    microseconds += Int64(second) * 1_000_000
    guard peek() == ".", let next = peek(1), Lexer.isDigit(next) else { return endsWord ? microseconds : nil }
    position += 1
    var scale: Int64 = 100_000
    while let c = peek(), Lexer.isDigit(c) {
      microseconds += Int64(c.value - 48) * scale
      scale /= 10
      position += 1
    }
    return endsWord ? microseconds : nil
  }

  /// Exactly so many digits, with no digit behind them.
  private mutating func fixedDigits(_ count: Int) -> Int? {
    var value = 0
    for i in 0..<count {
      guard let c = peek(i), Lexer.isDigit(c) else { return nil }
      value = value * 10 + Int(c.value - 48)
    }
    if let next = peek(count), Lexer.isDigit(next) { return nil }
    position += count
    return value
  }

  private var endsWord: Bool { peek().map { !Lexer.continuesName($0) } ?? true }

  private mutating func badDate(_ start: Int) -> Token.Kind {
    while let c = peek(), Lexer.continuesName(c) || c == ":" { position += 1 }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source[start..<position])
    diagnostics.append(.noSuchDate(String(text), at: SourceRange(start, position)))
    return .invalid
  }
}

extension Period {
  /// An ISO 8601 week; nil when the year has no such week.
  package init?(isoYear year: Int, week: Int) {
    guard (1...53).contains(week), let fourth = CivilDate(year: year, month: 1, day: 4) else { return nil }
    let monday = fourth.start(of: .week)
    let day = CivilDate(days: monday.days &+ Int32((week - 1) * 7))
    guard day.isoWeek == (year, week) else { return nil }
    self.init(.week, containing: day)
  }
}

extension CalendarDuration {
  /// A duration that moves no date out of the calendar; nil when the count is too large for that.
  package init?(checked count: Int, _ grain: Grain) {
    guard abs(Double(count)) <= 10_000_000 else { return nil }
    self.init(count, grain)
  }
}
