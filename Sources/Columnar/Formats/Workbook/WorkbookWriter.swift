extension WorkbookFormat: WritableFormat {
  /// A workbook that says it has macros must have some.
  static let writtenEndings = [".xlsx"]

  static func write(_ table: Table, to path: String, _ cancellation: Cancellation) throws {
    if table.rowCount >= SheetReader.mostRows {
      throw SourceError.notWritable(
        path: path,
        why: "A sheet holds 1,048,576 rows with the header, and the table has \(table.rowCount) without. "
          + "Write .csv, or filter it first.")
    }
    if table.columns.count > SheetReader.mostColumns {
      throw SourceError.notWritable(
        path: path, why: "A sheet holds 16,384 columns, and the table has \(table.columns.count).")
    }
    let styles = WorkbookStyles(table)
    let texts = WorkbookStrings(table)
    if let column = texts.tooLong {
      throw SourceError.notWritable(
        path: path, why: "A cell holds 32,767 characters, and column `\(column)` has a text with more.")
    }
    let sheet = SheetWriter(table, styles, texts)
    let zip = try ZipWriter(path)
    for (name, text) in WorkbookWriter.frame { try zip.add(name, WorkbookWriter.declaration + text, cancellation) }
    try zip.add("xl/styles.xml", WorkbookWriter.declaration + styles.xml, cancellation)
    try zip.add("xl/sharedStrings.xml", blocks: texts.blocks, cancellation) { texts.xml($0) }
    try zip.add("xl/worksheets/sheet1.xml", blocks: sheet.blocks, cancellation) { sheet.xml($0) }
    try zip.finish()
  }
}

/// The parts of a workbook that are the same for all tables.
enum WorkbookWriter {
  static let declaration = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"# + "\n"
  static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"

  static let frame = [
    (
      "[Content_Types].xml",
      """
      <Types xmlns="\(package)/content-types"><Default Extension="rels" \
      ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
      <Default Extension="xml" ContentType="application/xml"/>\
      <Override PartName="/xl/workbook.xml" ContentType="\(kind).sheet.main+xml"/>\
      <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(kind).worksheet+xml"/>\
      <Override PartName="/xl/styles.xml" ContentType="\(kind).styles+xml"/>\
      <Override PartName="/xl/sharedStrings.xml" ContentType="\(kind).sharedStrings+xml"/></Types>
      """
    ),
    (
      "_rels/.rels",
      """
      <Relationships xmlns="\(package)/relationships"><Relationship Id="rId1" Type="\(office)/officeDocument" \
      Target="xl/workbook.xml"/></Relationships>
      """
    ),
    (
      "xl/workbook.xml",
      """
      <workbook xmlns="\(main)" xmlns:r="\(office)"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>\
      </workbook>
      """
    ),
    (
      "xl/_rels/workbook.xml.rels",
      """
      <Relationships xmlns="\(package)/relationships">\
      <Relationship Id="rId1" Type="\(office)/worksheet" Target="worksheets/sheet1.xml"/>\
      <Relationship Id="rId2" Type="\(office)/styles" Target="styles.xml"/>\
      <Relationship Id="rId3" Type="\(office)/sharedStrings" Target="sharedStrings.xml"/></Relationships>
      """
    ),
  ]

  /// Adds text between elements: signs of XML escaped, and characters that XML cannot hold as `_x0001_`.
  static func escape(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    for (place, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "&"): out.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "<"): out.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): out.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "\""): out.append(contentsOf: "&quot;".utf8)
      case UInt8(ascii: "\t"), UInt8(ascii: "\n"): out.append(byte)
      case ..<0x20:
        let digits = String(byte, radix: 16, uppercase: true)
        out.append(contentsOf: "_x\(digits.count == 1 ? "000" : "00")\(digits)_".utf8)
      // A text that looks like such a character itself.
      case UInt8(ascii: "_") where StringItem.unit(text, place) != nil:
        out.append(contentsOf: "_x005F_".utf8)
      // U+FFFE and U+FFFF are no characters of XML.
      case 0xbe, 0xbf:
        if place > 1, text[place - 1] == 0xbf, text[place - 2] == 0xef { out.append(0xbd) } else { out.append(byte) }
      default: out.append(byte)
      }
    }
  }

  static func escaped(_ text: String) -> [UInt8] {
    var (out, text) = ([UInt8](), text)
    text.withUTF8 { escape($0, into: &out) }
    return out
  }
}

/// How the columns of a table look in a workbook.
struct WorkbookStyles: Sendable {
  /// The number of each column's style: 1 is the header's.
  let columns: [Int]
  private let formats: [String]

  init(_ table: Table) {
    var formats = ["General", "General"]
    columns = zip(table.schema.fields, table.columns).map { field, column in
      let format = WorkbookStyles.format(field, column)
      if format == "General" { return 0 }
      if let known = formats.firstIndex(of: format) { return known }
      formats.append(format)
      return formats.count - 1
    }
    self.formats = formats
  }

  private static func format(_ field: Field, _ column: Column) -> String {
    switch (field.type, field.measure) {
    case (.date, _): return "yyyy\\-mm\\-dd"
    case (.datetime, _): return hasSeconds(column) ? "yyyy\\-mm\\-dd\\ hh:mm:ss" : "yyyy\\-mm\\-dd\\ hh:mm"
    case (.integer, .identifier): return "0"
    case (.integer, .percent), (.real, .percent): return "0.0%"
    case (.integer, .currency(let sign)), (.real, .currency(let sign)):
      let plain = sign.unicodeScalars.filter { $0 != "]" && $0 != "\"" && $0 != "-" }
      return "[$\(String(String.UnicodeScalarView(plain)))]#,##0.00"
    default: return "General"
    }
  }

  private static func hasSeconds(_ column: Column) -> Bool {
    guard case .datetime(let values) = column.storage else { return false }
    return values.indices.contains { values[$0] % 60_000_000 != 0 && !column.isMissing($0) }
  }

  var xml: String {
    let codes = formats.enumerated().dropFirst(2).map { place, format in
      let code = String(decoding: WorkbookWriter.escaped(format), as: UTF8.self)
      return "<numFmt numFmtId=\"\(162 + place)\" formatCode=\"\(code)\"/>"
    }
    let cells = formats.indices.map { place in
      let number = place < 2 ? 0 : 162 + place
      return "<xf numFmtId=\"\(number)\" fontId=\"\(place == 1 ? 1 : 0)\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
        + "applyNumberFormat=\"1\" applyFont=\"1\"/>"
    }
    let font = "<sz val=\"11\"/><name val=\"Calibri\"/>"
    return """
      <styleSheet xmlns="\(WorkbookWriter.main)">\
      \(codes.isEmpty ? "" : "<numFmts count=\"\(codes.count)\">\(codes.joined())</numFmts>")\
      <fonts count="2"><font>\(font)</font><font><b/>\(font)</font></fonts>\
      <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
      </fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
      <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
      <cellXfs count="\(cells.count)">\(cells.joined())</cellXfs></styleSheet>
      """
  }
}

/// The texts of a table that its cells share: those that some row has, and no others.
struct WorkbookStrings: Sendable {
  private static let perBlock = 1 << 13

  /// By column, the number of each code's text.
  private(set) var numbers: [[UInt32]] = []
  /// The first column with a text that no cell holds.
  private(set) var tooLong: String?
  private var texts: [(column: Int, code: Int)] = []
  private let dictionaries: [TextDictionary?]
  private var cells = 0

  init(_ table: Table) {
    dictionaries = table.columns.map(\.dictionary)
    for (place, column) in table.columns.enumerated() {
      guard case .text(let codes, let dictionary) = column.storage else {
        numbers.append([])
        continue
      }
      var isUsed = [Bool](repeating: false, count: dictionary.count)
      for row in codes.indices where !column.isMissing(row) {
        isUsed[Int(codes[row])] = true
        cells += 1
      }
      var own = [UInt32](repeating: 0, count: dictionary.count)
      for code in own.indices where isUsed[code] {
        own[code] = UInt32(truncatingIfNeeded: texts.count)
        texts.append((place, code))
        // A character has a byte at least.
        let bytes = dictionary.offsets[code + 1] - dictionary.offsets[code]
        if bytes > 32_767, dictionary[code].utf16.count > 32_767 { tooLong = tooLong ?? table.schema.names[place] }
      }
      numbers.append(own)
    }
  }

  var blocks: Int { max(1, (texts.count + WorkbookStrings.perBlock - 1) / WorkbookStrings.perBlock) }

  /// One block of the part of shared texts.
  func xml(_ block: Int) -> [UInt8] {
    var out: [UInt8] = []
    if block == 0 {
      out += Array(WorkbookWriter.declaration.utf8)
      out += Array("<sst xmlns=\"\(WorkbookWriter.main)\" count=\"\(cells)\" uniqueCount=\"\(texts.count)\">".utf8)
    }
    let start = min(texts.count, block * WorkbookStrings.perBlock)
    for (column, code) in texts[start..<min(texts.count, start + WorkbookStrings.perBlock)] {
      guard let dictionary = dictionaries[column] else { continue }
      out += "<si><t xml:space=\"preserve\">".utf8
      dictionary.bytes.withUnsafeBufferPointer { bytes in
        let range = Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])
        WorkbookWriter.escape(UnsafeBufferPointer(rebasing: bytes[range]), into: &out)
      }
      out += "</t></si>".utf8
    }
    if block == blocks - 1 { out += "</sst>".utf8 }
    return out
  }
}

/// The cells of a table as the XML of a sheet: the header bold and always in sight, missing values as no cells.
struct SheetWriter: Sendable {
  private static let perBlock = 1 << 12

  private let table: Table
  private let columns: [Column]
  /// `<c r="A` of each column.
  private let heads: [[UInt8]]
  private let values: [@Sendable (Int, inout [UInt8]) -> Void]

  init(_ table: Table, _ styles: WorkbookStyles, _ texts: WorkbookStrings) {
    self.table = table
    let columns = table.columns.map(\.unpacked)
    self.columns = columns
    heads = columns.indices.map { Array("<c r=\"".utf8) + SheetWriter.letters($0) }
    values = columns.indices.map {
      SheetWriter.values(of: columns[$0], style: styles.columns[$0], numbers: texts.numbers[$0])
    }
  }

  /// A, B … Z, AA, AB …
  private static func letters(_ column: Int) -> [UInt8] {
    var (rest, name) = (column + 1, [UInt8]())
    while rest > 0 {
      name.insert(UInt8(ascii: "A") + UInt8((rest - 1) % 26), at: 0)
      rest = (rest - 1) / 26
    }
    return name
  }

  var blocks: Int { max(1, (table.rowCount + SheetWriter.perBlock - 1) / SheetWriter.perBlock) }

  /// One block of rows, the frame around them in the first and the last.
  func xml(_ block: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(SheetWriter.perBlock * columns.count * 24)
    if block == 0 { out += top }
    let start = block * SheetWriter.perBlock
    for row in start..<min(table.rowCount, start + SheetWriter.perBlock) { write(row, &out) }
    if block == blocks - 1 { out += "</sheetData></worksheet>".utf8 }
    return out
  }

  private var top: [UInt8] {
    let widths = table.schema.fields.enumerated().map { place, field in
      let usual = field.type == .datetime ? 18 : field.type == .text ? 20 : 12
      return "<col min=\"\(place + 1)\" max=\"\(place + 1)\" width=\"\(min(60, max(usual, field.name.count + 3)))\" "
        + "customWidth=\"1\"/>"
    }
    var out = Array(
      (WorkbookWriter.declaration + """
        <worksheet xmlns="\(WorkbookWriter.main)"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" \
        topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
        \(widths.isEmpty ? "" : "<cols>\(widths.joined())</cols>")<sheetData><row r="1">
        """).utf8)
    for (place, name) in table.schema.names.enumerated() {
      out += heads[place] + Array("1\" s=\"1\" t=\"inlineStr\"><is><t>".utf8)
      out += WorkbookWriter.escaped(name) + Array("</t></is></c>".utf8)
    }
    return out + Array("</row>".utf8)
  }

  private func write(_ row: Int, _ out: inout [UInt8]) {
    // Row 1 is the header.
    let number = Array(String(row + 2).utf8)
    out += SheetWriter.row
    out += number
    out += SheetWriter.close
    for place in columns.indices where !columns[place].isMissing(row) {
      out += heads[place]
      out += number
      out += SheetWriter.quote
      values[place](row, &out)
    }
    out += SheetWriter.rowEnd
  }

  private static let row = Array("<row r=\"".utf8)
  private static let quote = Array("\"".utf8)
  private static let close = Array("\">".utf8)
  private static let rowEnd = Array("</row>".utf8)
  private static let end = Array("</v></c>".utf8)

  /// What writes the values of a column behind the names of their cells.
  private static func values(
    of column: Column, style: Int, numbers: [UInt32]
  ) -> @Sendable (Int, inout [UInt8]) -> Void {
    let style = style > 0 ? " s=\"\(style)\"" : ""
    let plain = Array("\(style)><v>".utf8)
    switch column.storage {
    case .text(let codes, _):
      let shared = Array("\(style) t=\"s\"><v>".utf8)
      return { row, out in
        out += shared
        out += String(numbers[Int(codes[row])]).utf8
        out += end
      }
    // Spreadsheets keep 15 digits; longer numbers are labels, and stay whole as text.
    case .integer(let values):
      return { row, out in
        let value = values[row]
        if value.magnitude < 1_000_000_000_000_000 {
          number(String(value), plain, &out)
        } else {
          shown(String(value), style, &out)
        }
      }
    case .real(let values):
      return { row, out in
        let value = values[row]
        if value.isFinite {
          number(CellAssembly.text(value), plain, &out)
        } else {
          out += "\(style) t=\"e\"><v>#NUM!</v></c>".utf8
        }
      }
    case .boolean(let values):
      return { row, out in out += "\(style) t=\"b\"><v>\(values[row] ? 1 : 0)</v></c>".utf8 }
    case .date(let days):
      return { row, out in moment(Int64(days[row]) &* Timestamp.perDay, isDay: true, plain, style, &out) }
    case .datetime(let values):
      return { row, out in moment(values[row], isDay: false, plain, style, &out) }
    case .period(let days, let grain):
      return { row, out in
        shown(Period(grain, containing: CivilDate(days: days[row])).description, style, &out)
      }
    }
  }

  /// The calendar of a workbook goes from 1900 to 9999; other days are shown as text.
  private static func moment(
    _ microseconds: Int64, isDay: Bool, _ plain: [UInt8], _ style: String, _ out: inout [UInt8]
  ) {
    let moment = Timestamp(microseconds: microseconds)
    guard (1900...9999).contains(moment.date.components.year) else {
      return shown(isDay ? moment.date.description : moment.description, style, &out)
    }
    number(CellAssembly.text(SerialDate.serial(microseconds: microseconds)), plain, &out)
  }

  private static func number(_ text: String, _ plain: [UInt8], _ out: inout [UInt8]) {
    out += plain
    out += text.utf8
    out += end
  }

  private static func shown(_ text: String, _ style: String, _ out: inout [UInt8]) {
    out += "\(style) t=\"inlineStr\"><is><t>".utf8
    out += WorkbookWriter.escaped(text)
    out += "</t></is></c>".utf8
  }
}
