import Columnar
import Engine
import Foundation
import MartletLanguage
import Testing

/// A folder of files that is gone after the test.
private final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "martlet-load-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }
}

@Suite("load: how a file is read, and what the card and the notes say of it")
struct LoadCommandTests {
  /// What `load` shows: the displayed rows, the load card by property, the notes, and the fault if there is one.
  private struct Loaded {
    var rows = ""
    var card: [String: String] = [:]
    var notes: [String] = []
    var fault = ""
  }

  private func load(_ bytes: [UInt8], as name: String = "data.csv", _ options: String = "") throws -> Loaded {
    let folder = try Folder()
    try folder.write(name, bytes)
    let session = Session(engine: InMemoryEngine(), loader: FileTableLoader())
    let sink = RecordingSink()
    let outcome = session.execute("load \"\(folder.url.path)/\(name)\" as t \(options)", sink: sink)
    var loaded = Loaded()
    if case .failed(let all) = outcome {
      loaded.fault = all.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
        .replacing(folder.url.path + "/", with: "")
    }
    for case .result(let result) in sink.outputs {
      loaded.rows = PlainTable.text(result.table)
      loaded.notes = result.notes.map { "\($0.kind.rawValue): \($0.text)" }
      for table in result.appendices.map(\.table) {
        for row in 0..<table.rowCount {
          guard let label = table["property"]?[row], let value = table["value"]?[row] else { continue }
          loaded.card[ValueText.plain(label)] = ValueText.plain(value)
        }
      }
    }
    return loaded
  }

  private func load(_ text: String, as name: String = "data.csv", _ options: String = "") throws -> Loaded {
    try load(Array(text.utf8), as: name, options)
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstName() throws {
    let loaded = try load([0xef, 0xbb, 0xbf] + Array("name,n\nZoë,1\n".utf8))
    #expect(loaded.rows == "name | n\nZoë | 1")
    #expect(loaded.card["encoding"] == "UTF-8 with BOM")
  }

  @Test func latinLettersAreRecognised() throws {
    let bytes: [UInt8] = Array("town,n\nK".utf8) + [0xf6] + Array("ln,2\n".utf8)
    let loaded = try load(bytes)
    #expect(loaded.rows == "town | n\nKöln | 2")
    #expect(loaded.card["encoding"] == "ISO-8859-1")
    #expect(try load(bytes, "encoding=\"UTF-8\"").fault.contains("E607"))
  }

  @Test func semicolonsAndDecimalCommas() throws {
    let loaded = try load("product;price;units\nA;1.234,50;3\nB;0,99;12\n")
    #expect(loaded.rows == "product | price | units\nA | 1234.5 | 3\nB | 0.99 | 12")
    #expect(loaded.card["delimiter"] == "semicolon")
    #expect(loaded.card["decimal sign"] == "comma")
  }

  @Test func tabs() throws {
    let loaded = try load("a\tb\n1\tx, y\n2\tz\n", as: "data.tsv")
    #expect(loaded.rows == "a | b\n1 | x, y\n2 | z")
    #expect(loaded.card["delimiter"] == "tab")
  }

  /// Both were packed by the usual tools: `gzip -n` and `zstd -19`.
  @Test(arguments: [
    ("data.csv.gz", "H4sIAAAAAAAC/0tJrNTJ4zIyMDLRNTDUNTDSMUZwjHVMuADuEmVNIAAAAA=="),
    ("data.csv.zst", "KLUv/QRo5QAAsGRheSxuCjIwMjQtMDEtMDIsMzMsNAoBAGCbYTVU9rk="),
  ])
  func packedFiles(_ name: String, _ text: String) throws {
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    let loaded = try load(bytes, as: name)
    #expect(loaded.rows == "day | n\n2024-01-02 | 3\n2024-01-03 | 4")
    #expect(loaded.card["file"]?.contains(name.hasSuffix("gz") ? "gzip" : "zstd") == true)
    #expect(try load(Array(bytes.dropLast(9)), as: name).fault.contains("E606"))
  }

  @Test func daysAndMonthsAreToldApart() throws {
    let first = try load("d,n\n03/02/2024,1\n25/02/2024,2\n")
    #expect(first.rows == "d | n\n2024-02-03 | 1\n2024-02-25 | 2")
    #expect(first.card["dates in d"] == "day/month/year, because values above 12 occur only first")
    let second = try load("d,n\n02/03/2024,1\n02/25/2024,2\n")
    #expect(second.rows == "d | n\n2024-02-03 | 1\n2024-02-25 | 2")
    #expect(second.card["dates in d"] == "month/day/year, because values above 12 occur only second")
    #expect(first.notes.isEmpty && second.notes.isEmpty)
  }

  @Test func anUndecidedOrderIsAnAssumption() throws {
    let text = "d,n\n03/02/2024,1\n04/05/2024,2\n"
    let open = try load(text)
    #expect(open.notes.contains { $0.hasPrefix("Assumed: dates in d are ") && $0.contains("dates=dmy or mdy says so") })
    let told = try load(text, "dates=mdy")
    #expect(told.rows == "d | n\n2024-03-02 | 1\n2024-04-05 | 2")
    #expect(told.notes.isEmpty)
    #expect(told.card["dates in d"] == "month/day/year, as told")
    #expect(try load(text, "dates=dmy").rows == "d | n\n2024-02-03 | 1\n2024-05-04 | 2")
  }

  @Test func filesWithoutAHeader() throws {
    let loaded = try load("1,2.5\n3,4\n", "header=false")
    #expect(loaded.rows.hasSuffix("\n1 | 2.5\n3 | 4"))
    #expect(loaded.notes == ["Assumed: the file has no header, so the columns were named here"])
    #expect(try load("1,2\n3,4\n", "header=true").rows == "1 | 2\n3 | 4")
  }

  @Test func raggedRowsAreAFaultOrLeftOut() throws {
    let text = "a,b\n1,2\n3,4,5\n6,7\n8\n"
    let fault = try load(text).fault
    #expect(fault.contains("E608") && fault.contains("bad=skip"))
    let skipped = try load(text, "bad=skip")
    #expect(skipped.rows == "a | b\n1 | 2\n6 | 7")
    #expect(skipped.notes == ["Left out: 2 rows with another number of fields"])
  }

  @Test func basketsOfAnyLength() throws {
    let loaded = try load("milk,bread\neggs\n\"a, b\",milk,jam\n", "baskets=true")
    #expect(loaded.rows == "order | item\n1 | milk\n1 | bread\n2 | eggs\n3 | a, b\n3 | milk\n3 | jam")
    #expect(loaded.card["rows"] == "6")
  }

  @Test func typesMissingColumnsAndRows() throws {
    let text = "code,n,note\n007,1,x\n008,-,y\n009,3,z\n"
    #expect(try load(text, "missing=[\"-\"] columns=[\"code\", \"n\"]").rows == "code | n\n007 | 1\n008 | –\n009 | 3")
    #expect(try load(text, "rows=1 types=[\"n=number\"]").rows == "code | n | note\n007 | 1 | x")
    #expect(try load(text, "columns=[\"cod\"]").fault.contains("did you mean `code`?"))
    #expect(try load(text, "types=[\"n=number\"]").fault.contains("E610"))
    #expect(
      try load("n\n1\n1.5\n", "types=[\"n=integer\"]").fault.contains(
        "row 3, column `n`: \"1.5\" is not a whole number"))
    #expect(try load(text, "types=[\"n\"]").fault.contains("COLUMN="))
  }

  @Test func namesThatRepeatOrAreMissing() throws {
    let loaded = try load("a,a,\n1,2,3\n")
    #expect(loaded.notes.count == 2)
    #expect(loaded.notes.first?.hasPrefix("Assumed: a second `a` is `") == true)
    #expect(loaded.notes.last?.hasPrefix("Assumed: a column without a name is `") == true)
  }

  @Test func severalFilesOfOnePattern() throws {
    let folder = try Folder()
    try folder.write("m1.csv", Array("day,n\n2024-01-05,1\n".utf8))
    try folder.write("m2.csv", Array("day,n\n2024-02-05,2.5\n".utf8))
    let session = Session(engine: InMemoryEngine(), loader: FileTableLoader())
    let sink = RecordingSink()
    _ = session.execute("t = load \"\(folder.url.path)/m*.csv\"\nt | sort day", sink: sink)
    let tables = sink.outputs.compactMap { output -> String? in
      if case .result(let result) = output { PlainTable.text(result.table) } else { nil }
    }
    #expect(tables == ["day | n\n2024-01-05 | 1\n2024-02-05 | 2.5"])
    try folder.write("m3.csv", Array("other\nx\n".utf8))
    let names = RecordingSink()
    _ = session.execute("load \"\(folder.url.path)/m*.csv\"", sink: names)
    let receipt = names.outputs.compactMap { if case .receipt(let receipt) = $0 { receipt.line } else { nil } }
    #expect(receipt == ["3 tables: m1 (1 row), m2 (1 row), m3 (1 row)"])
  }

  @Test func filesThatAreNone() throws {
    #expect(try load([]).fault.contains("E604"))
    #expect(try load([0x50, 0x4b, 0x03, 0x04, 0, 0, 0, 0], as: "book.xlsx").fault.contains("E616"))
    let session = Session(engine: InMemoryEngine(), loader: FileTableLoader())
    #expect(session.faults("load \"/no/such/file.csv\"").contains("E601"))
  }
}
