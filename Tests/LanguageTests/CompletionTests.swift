import Columnar
import MartletLanguage
import Testing

/// A cell with `‸` where the cursor stands, and what is offered there.
struct CompletionTests {
  private func complete(_ marked: String, _ session: Session = .small()) -> [String] {
    let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    let cursor = parts[0].unicodeScalars.count
    return session.complete(parts.joined(), cursor: cursor).items.map(\.text)
  }

  @Test func lineStart() {
    #expect(complete("sal‸") == ["sales", "sales_transactions"])
    #expect(complete("lo‸").contains("load"))
    #expect(!complete("‸").contains("where"))
  }

  @Test func verbsBehindAPipe() {
    #expect(complete("sales | whe‸") == ["where"])
    #expect(complete("sales | su‸").prefix(2) == ["summarize", "summary"])
    #expect(complete("sales |‸").contains("segment"))
    let withoutDate = complete("customer_profiles | ‸")
    #expect((withoutDate.firstIndex(of: "cohort") ?? 0) > (withoutDate.firstIndex(of: "describe") ?? .max))
  }

  @Test func columnsOfTheLiveSchema() {
    #expect(complete("sales | where Qu‸").first == "Quantity")
    #expect(complete("sales | summarize total = sum(amount) by Country | sort t‸").first == "total")
    #expect(!complete("sales | select Country | where Q‸").contains("Quantity"))
    #expect(complete("sales | rename `Unit cost` = UnitPrice | select `Un‸") == ["`Unit cost`"])
  }

  @Test func tablesOfTheSameCell() {
    #expect(complete("french = sales | where Country = \"France\"\nfre‸") == ["french"])
    #expect(complete("few = sales | select Country\nfew | sort ‸").first == "Country")
  }

  @Test func clauseWordsAndOptionsNotYetUsed() {
    let behind = complete("sales | basket Description by InvoiceNo support=1% ‸")
    #expect(behind.contains("confidence="))
    #expect(!behind.contains("support="))
    #expect(!behind.contains("by"))
    #expect(complete("sales | count ‸") == ["by"])
    #expect(complete("sales | summarize n = count() per mo‸") == ["month"])
    #expect(complete("sales | join sales_transactions on InvoiceNo kind=‸").contains("anti"))
  }

  @Test func valuesInsideQuotes() {
    #expect(complete("sales | where Country = \"‸") == ["United Kingdom", "France"])
    #expect(complete("sales | where Country in [\"France\", \"Uni‸") == ["United Kingdom"])
    #expect(complete("load \"sa‸") == ["sales.csv"])
  }

  @Test func nothingInComments() { #expect(complete("# sal‸").isEmpty) }

  @Test func wordsOfASubject() { #expect(complete("sales | segment ‸").prefix(3) == ["rfm", "spend", "volume"]) }

  @Test func cursorsBehindAstralCharacters() {
    let cell = "x = \"🍎𝐚\"\nsal"
    let completion = Session.small().complete(cell, cursor: cell.unicodeScalars.count)
    #expect(completion.range == SourceRange(9, 12))
    #expect(completion.items.first?.text == "sales")
  }

  /// Completion and inspection answer at each place of any cell.
  @Test func everyCursorOfEveryCellIsAnswered() {
    let session = Session.small()
    let cells = [
      "sales | where Country = \"France\" and Quantity > 3 | summarize revenue = sum(amount), n = count() by Country per month",
      "rfm = sales | segment rfm by CustomerID\nrfm | summary", "(sales | take 5) | append sales_transactions",
      "sales | add x = rolling(Quantity, 7, mean) by Country sort InvoiceDate", "param x = 3 in [1, 2] \"a\"",
      "x = [1, (2", "`a b",
      "load \"", "define f(a) = | where a", "sales | | |", "((((", ")]", "\"\"\"", "f\"{", "sales | top 10 by",
    ]
    for cell in cells {
      let count = cell.unicodeScalars.count
      for cursor in -1...(count + 2) {
        let completion = session.complete(cell, cursor: cursor)
        #expect(completion.range.end <= count && completion.range.start >= 0)
        _ = session.inspect(cell, cursor: cursor)
      }
    }
  }
}

struct InspectionTests {
  private func inspect(_ marked: String) -> String {
    let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    return Session.small().inspect(parts.joined(), cursor: parts[0].unicodeScalars.count)?.markdown ?? ""
  }

  @Test func aVerbShowsItsPage() {
    let text = inspect("sales | bas‸ket Description")
    #expect(text.contains("confidence=30%"))
    #expect(text.contains("amount = Quantity × UnitPrice"))
  }

  @Test func aColumnShowsItsValues() {
    let text = inspect("sales | where Country‸ = \"France\"")
    #expect(text.contains("role: region"))
    #expect(text.contains("\"United Kingdom\" (3)"))
    #expect(inspect("sales | where Quan‸tity > 1").contains("range: -1 … 24"))
  }

  @Test func otherWords() {
    #expect(inspect("sal‸es").contains("5 rows, 8 columns"))
    #expect(inspect("sales | basket Description sup‸port=1%").contains("default"))
    #expect(inspect("sales | summarize x = su‸m(Quantity)").contains("many rows"))
    #expect(inspect("sales | summarize x = sum(‸").contains("many rows"))
    #expect(inspect("zzz_nothing_‸here").isEmpty)
    #expect(inspect("param horizon = 7 \"Days\"\nhori‸zon").contains("Days"))
  }
}
