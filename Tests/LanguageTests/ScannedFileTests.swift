import Columnar
import Engine
import MartletLanguage
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The table that a cell shows, with its columns' values in order.
private func shown(_ session: Session, _ cell: String) throws -> [[Value]] {
  let sink = RecordingSink()
  if case .failed(let diagnostics) = session.execute(cell, sink: sink) {
    Issue.record("\(cell): \(diagnostics.map(\.diagnostic.message))")
  }
  guard case .result(let result)? = sink.outputs.last else { return [] }
  return (0..<result.table.rowCount).map { row in result.table.columns.map { $0[row] } }
}

/// A pipeline over a large file reads what it needs; nobody can tell by its answer.
struct ScannedFileTests {
  private func sessions() -> (scanning: Session, reading: Session) {
    (
      Session(engine: InMemoryEngine(), loader: FileTableLoader(scannedBytes: 0)),
      Session(engine: InMemoryEngine(), loader: FileTableLoader())
    )
  }

  private static let sales =
    "order,city,units,price,date\n"
    + (0..<5_000).map {
      "\($0 / 3),c\($0 % 7),\($0 % 11),\($0 % 13).5,2011-\($0 / 500 + 1 < 10 ? "0" : "")\($0 / 500 + 1)-05\n"
    }
    .joined()

  @Test(arguments: [
    "summarize amount = sum(units * price) per month", "summarize n = count(), m = mean(price) by city",
    "where units > 5 | summarize n = count(), most = max(price) by city", "count by city",
    "summarize orders = count_distinct(order), middle = median(price)",
    "where city = \"c3\" | sort price desc | take 7",
    "add amount = units * price | top 5 by amount", "describe", "take 3",
  ])
  func theAnswerIsTheSame(stages: String) throws {
    try withTemporaryFile(Self.sales) { path in
      let (scanning, reading) = sessions()
      let cell = "load \"\(path)\" | \(stages)"
      let expected = try shown(reading, cell)
      #expect(!expected.isEmpty)
      #expect(try shown(scanning, cell) == expected)
    }
  }

  @Test func theNameOfTheFileIsATableAfterwards() throws {
    try withTemporaryFile(Self.sales) { path in
      let (scanning, reading) = sessions()
      let name = try #require(path.split(separator: "/").last)
      for session in [scanning, reading] {
        _ = try shown(session, "load \"\(path)\" | count by city")
        #expect(try shown(session, "\(name) | summarize n = count()") == [[.integer(5_000)]])
        #expect(
          try shown(session, "load \"\(path)\" | count by city\n\(name) | take 2 | summarize n = count()") == [
            [.integer(2)]
          ])
      }
    }
  }

  @Test func whatWasLeftOutIsSaid() throws {
    try withTemporaryFile(Self.sales + "1,2,3\n\n1,c1,1,1.5,2011-01-05\n") { path in
      let (scanning, reading) = sessions()
      for session in [scanning, reading] {
        for stage in ["summarize n = count()", "summarize m = median(price)"] {
          let sink = RecordingSink()
          _ = session.execute("load \"\(path)\" bad=skip | \(stage)", sink: sink)
          guard case .result(let result)? = sink.outputs.last else {
            Issue.record("\(stage) shows a table")
            continue
          }
          let notes = result.notes.map(\.text)
          #expect(notes.contains { $0.contains("1 row with another number of fields") }, "\(notes)")
          #expect(notes.contains { $0.contains("1 blank line") }, "\(notes)")
        }
      }
    }
  }

  @Test func aLateRowThatDiffersWidensTheColumn() throws {
    // The head and the looks into the middle see whole numbers only.
    let start = "n,t\n" + (0..<300_000).map { "\($0 % 100),x\n" }.joined()
    for (late, sum) in [("0.5,y\n", 14_850_000.5), ("7,y\n", 14_850_007)] {
      try withTemporaryFile(start + late) { path in
        let (scanning, reading) = sessions()
        let cell = "load \"\(path)\" | summarize total = sum(n)"
        let value = try #require(try shown(scanning, cell).first?.first)
        #expect(value.number == sum)
        #expect(try shown(reading, cell) == [[value]])
      }
    }
    try withTemporaryFile(start + "7,y,z\n") { path in
      guard
        case .failed(let diagnostics) = sessions().scanning.execute(
          "load \"\(path)\" | summarize total = sum(n)", sink: RecordingSink())
      else {
        Issue.record("a row with a field too many is an error")
        return
      }
      #expect(diagnostics.first?.diagnostic.message.contains("row 300,002") == true)
    }
  }
}

/// Files of one pattern stream one after another.
struct ScannedPatternTests {
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    try withTemporaryFile("") { path in
      let folder = path + "d"
      mkdir(folder, 0o755)
      defer {
        for name in files.keys { unlink("\(folder)/\(name)") }
        rmdir(folder)
      }
      for (name, text) in files {
        let file = try #require(fopen("\(folder)/\(name)", "w"))
        fputs(text, file)
        fclose(file)
      }
      try body(folder)
    }
  }

  @Test(arguments: [
    "summarize n = count(), total = sum(price) by city", "where city = \"c1\" | summarize most = max(price)",
    "summarize total = sum(price) per month", "count by city", "sort price desc | take 3", "take 2",
  ])
  func theAnswerIsThatOfTheWhole(stages: String) throws {
    func text(_ month: Int, _ price: (Int) -> String) -> String {
      "city,price,date\n" + (0..<3000).map { "c\($0 % 4),\(price($0)),2011-0\(month)-1\($0 % 10)\n" }.joined()
    }
    // The second file has whole numbers only, the third moments instead of days.
    let files = [
      "a.csv": text(1) { "\($0 % 9).5" }, "b.csv": text(2) { "\($0 % 9)" },
      "c.csv": text(3) { "\($0 % 9).25" }.replacing("-10\n", with: "-10 08:30\n"),
    ]
    try withFolder(files) { folder in
      let scanning = Session(engine: InMemoryEngine(), loader: FileTableLoader(scannedBytes: 0))
      let reading = Session(engine: InMemoryEngine(), loader: FileTableLoader())
      let cell = "load \"\(folder)/*.csv\" | \(stages)"
      let expected = try shown(reading, cell)
      #expect(!expected.isEmpty)
      #expect(try shown(scanning, cell) == expected)
    }
  }

  @Test func aLateRowInOneOfTheFilesIsNoError() throws {
    let start = "n,t\n" + (0..<200_000).map { "\($0 % 100),x\n" }.joined()
    try withFolder(["a.csv": "n,t\n1,x\n", "b.csv": start + "0.5,y\n"]) { folder in
      let scanning = Session(engine: InMemoryEngine(), loader: FileTableLoader(scannedBytes: 0))
      let found = try shown(scanning, "load \"\(folder)/*.csv\" | summarize total = sum(n)")
      #expect(found.first?.first?.number == 9_900_001.5)
    }
  }

  @Test func filesWithOtherColumnsAreTablesOfTheirOwn() throws {
    try withFolder(["a.csv": "n,t\n1,x\n", "b.csv": "m\n2\n"]) { folder in
      let scanning = Session(engine: InMemoryEngine(), loader: FileTableLoader(scannedBytes: 0))
      _ = try shown(scanning, "load \"\(folder)/*.csv\"")
      #expect(try shown(scanning, "b | summarize total = sum(m)") == [[.integer(2)]])
    }
  }
}
