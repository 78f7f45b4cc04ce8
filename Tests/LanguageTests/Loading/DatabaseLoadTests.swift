import Columnar
import Engine
import MartletLanguage
import TestSupport
import Testing

@Suite("load from databases: what is said, and what never is")
struct DatabaseLoadTests {
  private func session() -> Session { Session(engine: InMemoryEngine(), loader: FileTableLoader()) }

  /// All that a cell shows, as text.
  private func words(_ session: Session, _ cell: String) -> String {
    let sink = RecordingSink()
    var text = ""
    if case .failed(let all) = session.execute(cell, sink: sink) {
      text += all.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
    }
    for output in sink.outputs { text += "\n\(output)" }
    return text
  }

  @Test(arguments: [
    "load \"postgres://analyst:Sw0rdfish@127.0.0.1:1/shop\" table=\"orders\"",
    "load \"postgres://analyst:Sw0rd/fish@127.0.0.1:1/shop\" | take 3",
    "x = load \"postgresql://analyst:Sw0rdfish@127.0.0.1:1/shop\" query=\"select 1\"",
    "load \"postgres://127.0.0.1:1/shop?user=a&password=Sw0rdfish\"",
    "load \"postgres://analyst:Sw0rdfish@127.0.0.1:1/shop\" rows=\"x\"", "load \"postgres://analyst:Sw0rdfish@h/d\" |",
    "load \"postgres://analyst:Sw0rdfish@h/d\" | where nothing >", "load \"postgres://analyst:Sw0rdfish@h/d",
    "lod \"postgres://analyst:Sw0rdfish@h/d\"", "a = \"postgres://analyst:Sw0rdfish@h/d\"\nparams\na",
    "param a = \"postgres://analyst:Sw0rdfish@h/d\"\nload a", "print \"postgres://analyst:Sw0rdfish@h/d\"",
  ])
  func noPasswordIsShown(cell: String) {
    let session = session()
    let shown = words(session, cell)
    #expect(!shown.isEmpty)
    #expect(!shown.contains("Sw0rd"), "\(shown)")
    for parameter in session.snapshot.parameters {
      let info = session.inspect(parameter.name, cursor: 0)?.markdown ?? ""
      #expect(!info.contains("Sw0rd"), "\(info)")
    }
  }

  @Test func theCaretStandsWhereItStood() {
    let shown = words(session(), "load \"postgres://u:Sw0rdfish@127.0.0.1:1/d\" tabel=\"orders\"")
    let lines = shown.split(separator: "\n").map(String.init)
    guard let line = lines.firstIndex(where: { $0.contains("tabel") && $0.contains("|") }), line + 1 < lines.count
    else {
      Issue.record("\(shown)")
      return
    }
    let place = lines[line].distance(
      from: lines[line].startIndex, to: lines[line].firstRange(of: "tabel")?.lowerBound ?? lines[line].startIndex)
    let caret = lines[line + 1].distance(
      from: lines[line + 1].startIndex, to: lines[line + 1].firstIndex(of: "^") ?? lines[line + 1].startIndex)
    #expect(place == caret, "\(shown)")
  }

  @Test func tablesKeepTheirOriginWithoutAPassword() {
    let session = session()
    session.define(.empty, named: "t", origin: "load \"postgres://u:Sw0rdfish@h/d\"")
    #expect(session.snapshot.table("t")?.origin == "load \"postgres://u:•••@h/d\"")
  }

  @Test(.enabled(if: SharedData.isPresent("sqlite"), "needs ../shared/data/sqlite"))
  func aTableOfADatabaseIsNamedAfterItself() {
    let session = session()
    let path = SharedData.path("sqlite/northwind.db")
    let shown = words(session, "load \"\(path)\"")
    #expect(shown.contains("E619") && shown.contains("Order Details"), "\(shown)")
    _ = words(session, "load \"\(path)\" table=\"Order Details\"")
    #expect(session.snapshot.table("Order_Details")?.table.rowCount == 2155)
    _ = words(session, "n = load \"sqlite:\(path)\" query=\"select count(*) as n from Orders\"")
    #expect(session.snapshot.table("n")?.table.columns.first?[0] == .integer(830))
  }
}
