import Columnar
import Engine
import MartletLanguage
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whatever is typed, the session answers and lives on.
struct RobustnessTests {
  @Test func longSumsAndDeepNests() {
    let session = ExampleShop.session()
    let sink = RecordingSink()
    _ = session.execute("1" + String(repeating: "+1", count: 20_000), sink: sink)
    guard case .value(.integer(20_001), _)? = sink.outputs.first else {
      Issue.record("\(sink.outputs)")
      return
    }
    #expect(session.faults("sales | add x = quantity" + String(repeating: "+1", count: 20_000)).contains("E318"))
    #expect(
      session.faults("sales | where true" + String(repeating: " and quantity > 1", count: 20_000)).contains("E318"))
    #expect(
      session.faults(String(repeating: "(", count: 2000) + "1" + String(repeating: ")", count: 2000)).contains("E209"))
    #expect(session.faults("x = \"" + String(repeating: "a", count: 2_000_000) + "\"").isEmpty)
    #expect(session.faults("sales | take 1" + String(repeating: " | take 1", count: 3000)) != "never")
    let list = (0..<20_000).map(String.init).joined(separator: ", ")
    #expect(session.faults("sales | where quantity in [\(list)] | count").isEmpty)
  }

  @Test func constantsAndDurationsAtTheirLimits() {
    let session = ExampleShop.session()
    for cell in [
      "9223372036854775807 + 1", "-9223372036854775807 - 2", "9223372036854775807 * 9223372036854775807",
      "2011-12-09 + 9999999 days", "2011-12-09 + 9999999 years", "9999-12-31 + 1 day", "round(1.5, 400)",
      "left(\"a\", -3)",
      "mid(\"abc\", -5, 99999999999)", "mod(5, 0)", "2 ^ 9999", "split(\"a\", \"\", 1)", "period(2011-12-09, hour)",
      "replace(\"aaa\", \"\", \"b\")", "extract(\"abc\", \"(\")", "\"a\" matches \"[\"", "quantile(1, 2)",
      "date(\"x\", \"qq\")",
      "sales | take 99999999999", "sales | top -1 by quantity", "sales | add x = lag(quantity, 99999999999)",
      "sales | add x = rolling(quantity, 0, mean)", "sales | add x = ntile(0)",
      "sales | add x = quantity * 9223372036854775807",
      "sales | summarize x = sum(quantity * 9223372036854775807)", "generate sales rows=1 customers=1 products=1",
      "sales | where date > 0001-01-01 and date < 9999-12-31 | count", "sales | summarize n = count() by number(\"x\")",
      "sales | where quantity > 99 and false | segment rfm", "sales | where false | cohort per month",
      "sales | where false | basket",
      "sales | where false | describe", "sales | where false | chart line x=date y=price", "sales | where false | kpi",
    ] {
      _ = session.execute(cell, sink: RecordingSink())
    }
    #expect(session.faults("sales | count").isEmpty)
  }

  @Test func anyWordsGiveAnAnswer() {
    let session = ExampleShop.session()
    var random = Dice(seed: 23)
    let words =
      CommandTable.all.map { $0.spec.name }.filter { !["export", "load", "help", "print", "generate"].contains($0) }
      + [
        "sales", "sales |", "products |", "daily |", "|", "|", "|", "by", "per", "month", "day", "into", "on", "as",
        "for", "from",
      ]
      + [
        "=", ",", "(", ")", "quantity", "amount", "date", "country", "customer", "product", "sum(", "mean(price)",
        "count()", "3",
      ]
      + [
        "\"a\"", "60%", "7 days", "2024-Q1", ">", "and", "rfm", "*", "x", "[1, 2]", "missing", "is", "desc", "\n",
        "1.5", "vs", "last",
      ]
      + ["title=\"t\"", "kind=left", "support=1%", "all=customers", "if", "then", "else", "growth(", "share("]
    for _ in 0..<1500 {
      let cell =
        "sales | " + (0..<(1 + random.below(12))).map { _ in words[random.below(words.count)] }.joined(separator: " ")
      _ = session.execute(cell, sink: RecordingSink())
      _ = session.complete(cell, cursor: random.below(cell.unicodeScalars.count + 1))
    }
    #expect(session.snapshot.table("sales") != nil)
  }

  @Test func anInterruptEndsALongCellSoon() async {
    let session = ExampleShop.session()
    let cancellation = Cancellation()
    let clock = ContinuousClock()
    async let outcome = Task.detached {
      session.execute("big = generate sales rows=60_000_000", sink: RecordingSink(), cancellation: cancellation)
    }.value
    try? await Task.sleep(for: .milliseconds(60))
    let raised = clock.now
    cancellation.cancel()
    let result = await outcome
    guard case .interrupted = result else {
      Issue.record("\(result)")
      return
    }
    #expect(clock.now - raised < .milliseconds(500))
    #expect(session.snapshot.table("big") == nil)
  }

  @Test func questionsAreAskedOnce() {
    let sink = RecordingSink(answers: ["Ann", "Bob"])
    let session = ExampleShop.session()
    _ = session.execute("who = ask(\"name? \")\nprint who\nprint ask(\"and? \", password=true)", sink: sink)
    let printed = sink.outputs.compactMap { if case .text(let text, _) = $0 { text } else { nil } }
    #expect(printed == ["Ann\n", "Bob\n"])
  }

  @Test func expressionsBesideACell() {
    let session = ExampleShop.session()
    _ = session.execute("x = 20", sink: RecordingSink())
    guard case .success(.value(.integer(41), _)) = session.evaluate("x * 2 + 1") else {
      Issue.record("no value")
      return
    }
    guard case .success(.receipt(let receipt)) = session.evaluate("sales") else {
      Issue.record("no receipt")
      return
    }
    #expect(receipt.line == "sales: 4,000 rows, 8 columns")
    guard case .failure = session.evaluate("nope_nope") else {
      Issue.record("an unknown name has a value")
      return
    }
  }
}
