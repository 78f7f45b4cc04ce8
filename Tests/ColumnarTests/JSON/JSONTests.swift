import Columnar
import Testing

/// JSON lines and documents.
struct JSONTests {
  private func read(
    _ text: String, _ ending: String = ".jsonl", _ change: (inout SourceOptions) -> Void = { _ in }
  ) throws -> SourceTable {
    try FileFormat.with(Array(text.utf8), ending) { try FileFormat.read($0, change) }
  }

  private func fault(_ text: String, _ ending: String = ".jsonl") -> (place: String, found: String)? {
    do {
      _ = try read(text, ending)
    } catch SourceError.damaged(_, _, let place, let found) {
      return (place, found)
    } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  @Test func typesAreThoseOfTheWholeFile() throws {
    let table = try read(
      """
      {"i": 1, "r": 1, "b": true, "t": "x", "d": "2024-02-29", "m": "2024-02-29T08:26:05.5Z", "mix": 1, "n": null}
      {"i": -9007199254740993, "r": 2.5, "b": null, "d": "1969-12-31", "m": "2024-03-01T00:00:00+02:00", "mix": "a"}

      {"t": "y", "mix": false, "late": 1e2, "r": -0.1e-2, "b": false, "i": 12345678901234567890}
      """
    ).table
    let values = FileFormat.values(table)
    #expect(table.schema.names == ["i", "r", "b", "t", "d", "m", "mix", "n", "late"])
    #expect(values[0] == [.real(1), .real(-9007199254740992), .real(12_345_678_901_234_567_168)])
    #expect(values[1] == [.real(1), .real(2.5), .real(-0.001)])
    #expect(values[2] == [.boolean(true), .missing, .boolean(false)])
    #expect(values[3] == [.text("x"), .missing, .text("y")])
    #expect(values[4][1] == .date(CivilDate(days: -1)))
    #expect(
      values[5][0]
        == .datetime(Timestamp(CivilDate(days: 19_782), hour: 8, minute: 26, second: 5, microsecond: 500_000)))
    #expect(values[6] == [.text("1"), .text("a"), .text("false")])
    #expect(values[7] == [.missing, .missing, .missing])
    #expect(values[8] == [.missing, .missing, .real(100)])
    #expect(try read("{\"i\": 9223372036854775807}\n").table["i"]?[0] == .integer(.max))
  }

  @Test func objectsInObjectsAreColumns() throws {
    let table = try read(
      #"""
      {"a": {"b": {"c": 1}, "d": [1, {"x": "]"}]}, "e": {}, "f": null}
      {"a": {"d": "\u00e9\ud83d\ude00\ud800\n\"\/", "b": {"c": 2}}, "f": {"g": 3}, "a.b.c": 4}
      {"x": 1, "x": 2}
      """#
    ).table
    #expect(table.schema.names == ["a.b.c", "a.d", "f.g", "x"])
    #expect(FileFormat.values(table)[0] == [.integer(1), .integer(4), .missing])
    #expect(
      FileFormat.values(table)[1] == [.text(#"[1, {"x": "]"}]"#), .text("é😀\u{fffd}\n\"/"), .missing])
    #expect(table["x"]?[2] == .integer(2))
  }

  @Test func documents() throws {
    let rows = #"[{"a": 1}, {"a": 2, "b": "x"}]"#
    #expect(try read(rows, ".json").table["a"]?[1] == .integer(2))
    #expect(try read("\u{feff} \(rows)\n", ".json").table.rowCount == 2)
    let document = #"{"meta": {"n": 2}, "data": {"items": \#(rows), "tags": ["x"]}}"#
    #expect(try read(document, ".json").table["b"]?[1] == .text("x"))
    #expect(try read(document, ".json") { $0.path = "data.items" }.table.rowCount == 2)
    #expect(try read(document, ".json") { $0.path = "meta" }.table["n"]?[0] == .integer(2))
    #expect(throws: SourceError.self) { try read(document, ".json") { $0.path = "data.nothing" } }
    #expect {
      try read(#"{"a": [{"x": 1}], "b": {"c": [{"y": 1}]}}"#, ".json")
    } throws: {
      if case SourceError.chooseTable(_, "path", nil, ["a", "b.c"]) = $0 { true } else { false }
    }
    // One object is one row; several, one behind the other, are as many.
    #expect(try read(#"{"a": 1, "b": {"c": 2}}"#, ".json").table["b.c"]?[0] == .integer(2))
    #expect(try read("{\"a\": 1}\n{\"a\": 2}\n", ".json").table.rowCount == 2)
    #expect(try read("{\n\"a\": 1\n}\n{\n\"a\": 2\n}", ".json").table.rowCount == 2)
    #expect(try read("[]", ".json").table.rowCount == 0)
  }

  @Test func faultsHaveLineAndColumn() {
    func expect(_ text: String, _ place: String, _ found: String, _ ending: String = ".jsonl") {
      let fault = fault(text, ending)
      #expect(fault?.place == place)
      #expect(fault?.found.contains(found) == true, "\(fault?.found ?? "nothing")")
    }
    expect("{\"a\": 1}\n{\"a\": }\n", "line 2, column 7", "`}` where a value should be")
    expect("{\"a\": 1} {\"a\": 2}\n", "line 1, column 10", "the end of the line")
    expect("{\"a\": 01}\n", "line 1, column 7", "begins with a zero")
    expect("{\"a\": \"x\n", "line 1, column 9", "does not end")
    expect("{\"a\": 1\n\"b\": 2}\n", "line 1, column 8", "the end of the line")
    expect("{\"a\": \"\\q\"}", "line 1, column 9", "an escape")
    expect("[{\"a\": 1},\n 5]", "line 2, column 2", "an object", ".json")
    expect("[{\"a\": 1}", "line 1, column 10", "`,` or `]`", ".json")
    expect("[{\"a\": 1}] x", "line 1, column 12", "the end of the file", ".json")
    expect(String(repeating: "[", count: 100_000), "line 1, column 101", "deep", ".json")
    let deep = "{\"a\": " + String(repeating: "{\"a\": ", count: 5000) + "1" + String(repeating: "}", count: 5001)
    #expect(fault(deep)?.found.contains("deep") == true)
  }

  @Test func badLinesMayBeSkipped() throws {
    let text = "{\"a\": 1}\n{\"a\": 2, \"b\": \n5\n{\"a\": 3}\n{\"a\": \"\u{1}\"}"
    let read = try read(text) { $0.text.badRows = .skip }
    #expect(FileFormat.values(read.table)[0] == [.integer(1), .integer(3)])
    #expect(read.report.details.contains { $0.text.hasPrefix("3 lines") })
  }

  @Test func piecesOfAnySizeMakeTheSameTable() throws {
    let table = FileFormat.table(rows: 600, seed: 3)
    let expected = FileFormat.values(table)
    for size in [1, 100, 5_000, 1 << 20] {
      let back = try FileFormat.roundTrip(table, ".jsonl") { $0.text.chunkBytes = size }
      #expect(back.table.schema.names == table.schema.names)
      #expect(FileFormat.values(back.table) == expected)
    }
    let some = try FileFormat.roundTrip(table, ".ndjson") {
      $0.text.rows = 7
      $0.text.columns = ["c4", "c0"]
      $0.text.types = ["c0": .text]
    }
    #expect(some.table.schema.names == ["c4", "c0"])
    #expect(some.table.rowCount == 7)
    #expect(some.table["c0"]?[6] == .text("6"))
  }

  @Test func wideObjectsAreRefused() {
    let names = (0..<30_000).map { "\"k\($0)\": 1" }.joined(separator: ",")
    #expect {
      try read("{\(names)}\n")
    } throws: {
      if case SourceError.unsupported = $0 { true } else { false }
    }
  }

  @Test func damagedFilesNeverCrash() throws {
    let text = #"{"a": {"b": [1, "x"], "c": "é\u00e9"}, "d": -1.5e3, "e": null, "f": true}"# + "\n"
    try FileFormat.damage(Array((text + text).utf8), ".jsonl", changes: 500)
    try FileFormat.damage(Array("{\"k\": [\(text), \(text)]}".utf8), ".json", changes: 500)
  }
}
