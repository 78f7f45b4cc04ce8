import Columnar
import MartletLanguage
import Testing

struct LexerTests {
  private func kinds(_ source: String) -> [Token.Kind] { Lexer.read(source).tokens.map(\.kind) }

  private func codes(_ source: String) -> [String] { Lexer.read(source).diagnostics.map(\.code) }

  private func day(_ y: Int, _ m: Int, _ d: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: y, month: m, day: d))
  }

  @Test func numbersInAllForms() {
    #expect(
      kinds("1_000 2.5 1e6 .5 60% 7d 4w") == [
        .literal(.integer(1000), .plain), .literal(.real(2.5), .plain), .literal(.real(1e6), .plain),
        .literal(.real(0.5), .plain), .literal(.real(0.6), .percent),
        .literal(.duration(CalendarDuration(days: 7)), .plain),
        .literal(.duration(CalendarDuration(days: 28)), .plain),
      ])
  }

  @Test func wholeNumbersPastSixtyFourBitsAreReal() {
    #expect(
      kinds("9223372036854775807 9223372036854775808") == [
        .literal(.integer(Int64.max), .plain), .literal(.real(9_223_372_036_854_775_808), .plain),
      ])
    #expect(codes("1e999") == ["E205"])
  }

  @Test func datesAndPeriods() {
    #expect(
      kinds("2011-12-09 2011-12-09T08:26 2011-12 2011-Q4 2011-W49") == [
        .literal(.date(day(2011, 12, 9)), .plain),
        .literal(.datetime(Timestamp(day(2011, 12, 9), hour: 8, minute: 26)), .plain),
        .literal(.period(Period(.month, containing: day(2011, 12, 1))), .plain),
        .literal(.period(Period(.quarter, containing: day(2011, 10, 1))), .plain),
        .literal(.period(Period(.week, containing: day(2011, 12, 5))), .plain),
      ])
    #expect(codes("2011-02-30") == ["E202"])
    #expect(codes("2011-W60") == ["E202"])
    #expect(codes("2011-12-09T25:00") == ["E202"])
  }

  @Test func subtractionOfYearsIsNoDate() {
    #expect(kinds("2011 - 12").count == 3)
    #expect(kinds("2011-99") == [.literal(.integer(2011), .plain), .symbol(.minus), .literal(.integer(99), .plain)])
  }

  @Test func textAndItsEscapes() {
    #expect(kinds(#""C\xf4te d'Ivoire""#) == [.text("Côte d'Ivoire")])
    #expect(kinds(#""a\n\t\"\\\u00e9\U0001F34E""#) == [.text("a\n\t\"\\é🍎")])
    #expect(kinds(#""\ud83c\udf4e""#) == [.text("🍎")])
    #expect(kinds(#""[0-9]\d+""#) == [.text(#"[0-9]\d+"#)])
    #expect(kinds("'single'") == [.text("single")])
    #expect(kinds("\"\"\"two\nlines\"\"\"") == [.text("two\nlines")])
    #expect(codes(#""\xzz""#) == ["E216"])
    #expect(codes("\"open") == ["E201"])
    #expect(Lexer.read("\"\"\"open").isTextOpen)
  }

  @Test func namesOfAllKinds() {
    #expect(
      kinds("`Unit Price` größe _x1") == [
        .name("Unit Price", quoted: true), .name("größe", quoted: false), .name("_x1", quoted: false),
      ])
    #expect(codes("`open") == ["E219"])
    #expect(codes("7q") == ["E217"])
  }

  @Test(arguments: ["&&", "||", "!", "**", "%", ";", "“"]) func foreignOperatorsAreNamed(_ op: String) {
    #expect(codes("a \(op) b") == ["E207"])
  }

  @Test func rangesCountScalars() {
    let tokens = Lexer.read("\"🍎𝐚\" x").tokens
    #expect(tokens.map(\.range) == [SourceRange(0, 4), SourceRange(5, 6)])
  }

  @Test func helpLinesAreKept() {
    let list = Lexer.read("## Doubles a number.\ndefine f(x) = x * 2 # why")
    #expect(list.helpLines == [0: "Doubles a number."])
    #expect(list.comments.count == 2)
  }

  /// Whatever is typed gives tokens that lie in order inside the source.
  @Test func anyTextGivesOrderedTokens() {
    var random = Dice(seed: 11)
    let alphabet = Array("ab1_.%-:TQW\"'`\\{}[]()|,=<>+*/^? \n\t#f😀é\u{301}\u{0}".unicodeScalars)
    for _ in 0..<3000 {
      let scalars = (0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] }
      let tokens = Lexer.read(scalars).tokens
      var end = 0
      for token in tokens {
        #expect(token.range.start >= end && token.range.end > token.range.start && token.range.end <= scalars.count)
        end = token.range.end
      }
    }
  }
}

/// A seeded generator for tests: xorshift64* (Vigna 2016).
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2_685_821_657_736_338_717 | 1 }

  mutating func below(_ bound: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int((state &* 2_685_821_657_736_338_717) >> 33) % max(1, bound)
  }
}
