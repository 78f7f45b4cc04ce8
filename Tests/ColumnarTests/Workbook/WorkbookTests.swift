import Columnar
import Foundation
import TestSupport
import Testing

/// Workbooks that openpyxl wrote, some by hand (`scripts/reference/workbook.py`), and our own.
struct WorkbookTests {
  private func read(_ name: String, _ change: (inout SourceOptions) -> Void = { _ in }) throws -> SourceTable {
    try FileFormat.read(FileFormat.reference("workbook/\(name)"), change)
  }

  private func damaged(_ name: String) -> SourceError? {
    do { _ = try read(name) } catch { return error as? SourceError }
    return nil
  }

  @Test func allKindsOfCells() throws {
    let read = try read("types.xlsx")
    let table = read.table
    #expect(
      table.schema.names == [
        "order", "price", "day", "moment", "paid", "name", "mixed", "share", "amount", "name_2", "column_11", "clock",
        "long",
      ])
    let values = FileFormat.values(table)
    func day(_ year: Int, _ month: Int, _ day: Int) -> Value {
      CivilDate(year: year, month: month, day: day).map { .date($0) } ?? .missing
    }
    #expect(values[0] == [.integer(1), .integer(2), .integer(3), .integer(4)])
    #expect(values[1] == [.real(2.55), .real(3), .missing, .real(0.001)])
    #expect(values[2] == [day(2024, 2, 29), day(1900, 3, 1), day(1900, 1, 1), day(9999, 12, 31)])
    let leap = CivilDate(days: CivilDate.days(year: 2024, month: 2, day: 29))
    #expect(values[3][0] == .datetime(Timestamp(leap, hour: 8, minute: 26, second: 5)))
    #expect(table.schema["moment"]?.type == .datetime)
    #expect(values[4] == [.boolean(true), .boolean(false), .missing, .boolean(true)])
    #expect(values[5] == [.text("Zoë"), .missing, .text(" x & <y> "), .missing])
    #expect(values[6] == [.text("1"), .text("two"), .text("3.5"), .text("2024-01-02")])
    #expect(table.schema["share"]?.measure == .percent)
    #expect(table.schema["amount"]?.measure == .currency("€"))
    #expect(values[11] == [.text("08:30:00"), .text("23:59:59"), .missing, .missing])
    #expect(values[12] == [.text("36:00:00"), .text("00:05:00"), .missing, .missing])
    #expect(read.report.blankLines == 1)
    #expect(read.report.renamed.map(\.to) == ["name_2", "column_11"])
    #expect(read.report.details.contains { $0.text == "#N/A 1" })
  }

  @Test func formsThatOthersWrite() throws {
    let table = try read("byhand.xlsx").table
    #expect(table.schema.names == ["名前", "kind", "f", "d"])
    let values = FileFormat.values(table)
    #expect(values[0] == [.text("one two"), .text("line\rend_x😀"), .missing])
    #expect(values[1] == [.text("made"), .missing, .missing])
    #expect(values[2] == [.integer(2), .missing, .integer(1500)])
    #expect(values[3][1] == .datetime(Timestamp(CivilDate(days: CivilDate.days(year: 2024, month: 3, day: 1)))))
  }

  @Test func aSheetIsChosen() throws {
    let path = FileFormat.reference("workbook/sheets.xlsx")
    let names = ["Empty", "Orders", "People & Places", "Secret"]
    #expect(throws: SourceError.chooseTable(path: path, option: "sheet", given: nil, names: names)) {
      try read("sheets.xlsx")
    }
    #expect(throws: SourceError.chooseTable(path: path, option: "sheet", given: "7", names: names)) {
      try read("sheets.xlsx") { $0.sheet = "7" }
    }
    #expect(try read("sheets.xlsx") { $0.sheet = "2" }.table["b"]?[0] == .text("x"))
    #expect(try read("sheets.xlsx") { $0.sheet = "people & places" }.table["text"]?[0] == .text("plain bold end"))
    #expect(try read("sheets.xlsx") { $0.sheet = "Secret" }.table["s"]?[0] == .integer(1))
    #expect(throws: SourceError.empty(path: path)) { try read("sheets.xlsx") { $0.sheet = "Empty" } }
    // A hidden sheet beside one that is seen is no choice; days count from 1904 here.
    let mac = try read("mac.xlsx")
    #expect(mac.table["day"]?[0] == .date(CivilDate(days: CivilDate.days(year: 2024, month: 2, day: 29))))
  }

  @Test func headers() throws {
    let headless = try read("headless.xlsx")
    #expect(!headless.report.hasHeader)
    #expect(headless.table.rowCount == 3)
    #expect(headless.table.schema.names == ["column_1", "column_2"])
    #expect(try read("years.xlsx").table.schema.names == ["region", "2022", "2023"])
    let none = try read("years.xlsx") { $0.text.header = false }
    #expect(none.table.rowCount == 3)
    #expect(none.table["column_1"]?[0] == .text("region"))
    #expect(none.table["column_2"]?[0] == .integer(2022))
  }

  @Test func optionsOfAllFormats() throws {
    let some = try read("types.xlsx") {
      $0.text.columns = ["paid", "order"]
      $0.text.rows = 2
    }
    #expect(some.table.schema.names == ["paid", "order"])
    #expect(some.table.rowCount == 2)
    let typed = try read("types.xlsx") { $0.text.types = ["order": .text, "column_11": .real, "day": .datetime] }
    #expect(typed.table["order"]?[0] == .text("1"))
    #expect(typed.table["column_11"]?[0] == .real(1))
    #expect(typed.table.schema["day"]?.type == .datetime)
    let path = FileFormat.reference("workbook/types.xlsx")
    #expect(throws: SourceError.badValue(path: path, row: 5, column: "mixed", value: "two", type: "number")) {
      try read("types.xlsx") { $0.text.types = ["mixed": .real] }
    }
    #expect(throws: SourceError.self) { try read("types.xlsx") { $0.text.columns = ["nobody"] } }
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    func expect(_ name: String, _ place: String, _ found: String) {
      guard case .damaged(_, let format, place, let said)? = damaged(name) else {
        Issue.record("\(name): \(String(describing: damaged(name)))")
        return
      }
      #expect(format == "Excel workbook")
      #expect(said.contains(found))
    }
    expect("laughs.xlsx", "sheet \"Sheet\", row 1", "document type")
    expect("noshared.xlsx", "sheet \"Sheet\", row 3", "\"9\"")
    expect("broken.xlsx", "sheet \"Sheet\", row 4", "broken XML")
  }

  /// The least container of Microsoft's older programs: a table of sectors, and a directory with these names.
  private func container(_ names: [String]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 512 * 3)
    bytes.replaceSubrange(0..<8, with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
    bytes[30] = 9
    bytes[48] = 1
    for byte in 512..<1024 { bytes[byte] = 0xff }
    for (place, name) in names.enumerated() {
      let units = Array(name.utf16)
      for (i, unit) in units.enumerated() { bytes[1024 + 128 * place + 2 * i] = UInt8(unit) }
      bytes[1024 + 128 * place + 64] = UInt8(units.count * 2 + 2)
    }
    return bytes
  }

  @Test func passwordsAndOldWorkbooks() throws {
    let locked = FileFormat.reference("workbook/locked.xlsx")
    #expect(throws: SourceError.locked(path: locked, format: "Excel workbook")) { try FileFormat.read(locked) }
    try FileFormat.with(container(["Root Entry", "EncryptionInfo", "EncryptedPackage"]), ".xlsx") { path in
      #expect(throws: SourceError.locked(path: path, format: "Excel workbook")) { try FileFormat.read(path) }
    }
    try FileFormat.with(container(["Root Entry", "Workbook"]), ".xls") { path in
      #expect {
        try FileFormat.read(path)
      } throws: {
        if case SourceError.unsupported(_, let feature, _) = $0 { feature.contains(".xls") } else { false }
      }
    }
    try FileFormat.damage(container(["Root Entry", "Workbook"]), ".xls", step: 3, changes: 200)
  }

  @Test func damagedFilesNeverCrash() throws {
    for name in ["headless.xlsx", "byhand.xlsx"] {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: FileFormat.reference("workbook/\(name)"))))
      try FileFormat.damage(bytes, ".xlsx", step: 5, changes: 300)
    }
  }

  @Test(arguments: [0, 1, 5000, 12_000])
  func whatIsWrittenReadsBack(rows: Int) throws {
    let table = FileFormat.table(rows: rows, seed: UInt64(rows) + 1)
    let back = try FileFormat.roundTrip(table, ".xlsx")
    #expect(back.table.schema.names == table.schema.names)
    #expect(FileFormat.values(back.table) == FileFormat.values(table))
    if rows > 1000 { #expect(back.table.schema.fields.map(\.type) == table.schema.fields.map(\.type)) }
  }

  @Test func whatASheetCannotHoldIsSaid() throws {
    let rows = 1_048_576
    let long = Table([(Field("n", .integer), .integer([Int64](repeating: 1, count: rows)))])
    #expect(throws: SourceError.self) { try FileFormat.roundTrip(long, ".xlsx") }
    let text = Table([(Field("t", .text), .text([String(repeating: "x", count: 40_000)]))])
    #expect(throws: SourceError.self) { try FileFormat.roundTrip(text, ".xlsx") }
    // Numbers of more than 15 digits stay whole, and days before 1900 stay readable.
    let labels = Table([
      (Field("n", .integer), .integer([1_234_567_890_123_456_789])),
      (Field("d", .date), .date([CivilDate(days: -40_000)])),
    ])
    let back = try FileFormat.roundTrip(labels, ".xlsx").table
    #expect(back["n"]?[0] == .text("1234567890123456789"))
    #expect(back["d"]?[0] == .date(CivilDate(days: -40_000)))
    #expect(TableFormats.writable("a.xlsm") == nil)
  }

  @Test(.enabled(if: SharedData.isPresent("online_retail/Online_Retail.xlsx"), "needs ../shared/data/online_retail"))
  func theOnlineRetailWorkbookIsItsCSV() throws {
    let workbook = try FileFormat.read(SharedData.path("online_retail/Online_Retail.xlsx")).table
    let (csv, _) = try CSVReader(path: SharedData.path("online_retail/online_retail.csv.gz")).read()
    #expect(workbook.rowCount == 541_909)
    #expect(workbook.schema.names == csv.schema.names)
    for (own, other) in zip(workbook.columns, csv.columns) {
      #expect(own.type == other.type)
      #expect(own.missingCount == other.missingCount)
      let (a, b) = (own.unpacked, other.unpacked)
      #expect(stride(from: 0, to: 541_909, by: 97).allSatisfy { a[$0] == b[$0] })
    }
  }
}
