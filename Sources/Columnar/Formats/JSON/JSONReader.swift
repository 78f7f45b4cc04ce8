/// Makes a table of a JSON file.
struct JSONReader {
  let path: String
  let options: SourceOptions
  let cancellation: Cancellation

  /// Reads all records. Throws `SourceError` or `Cancelled`.
  func read(_ packed: any ByteSource, _ known: LoadReport) throws -> SourceTable {
    let watch = Stopwatch()
    var report = known
    let (source, start) = try unpacked(packed, &report)
    do {
      let (parts, kind) = try parts(source, start)
      report.details = [("records", kind)]
      return try table(parts, report, watch, fileBytes: source.count)
    } catch let fault as JSONRecords.Fault {
      throw try error(fault, source)
    }
  }

  /// The text in UTF-8, and where it begins.
  private func unpacked(_ packed: any ByteSource, _ report: inout LoadReport) throws -> (any ByteSource, Int) {
    var source = packed
    if let packing = Decompression.format(try source.bytes(0..<4)) {
      report.compression = packing
      source = MemorySource(bytes: try UnpackedSource(packed, packing, path: path, cancellation).all())
    }
    try cancellation.check()
    let mark = TextEncoding.marked(try source.bytes(0..<4))
    if let mark, mark.isUTF16 {
      source = MemorySource(bytes: try mark.decodeUTF16(try source.bytes(0..<source.count), path: path))
    }
    return (source, mark == .utf8WithMark ? 3 : 0)
  }

  // MARK: Where the records are

  private func parts(_ source: any ByteSource, _ start: Int) throws -> ([JSONRecords.Part], String) {
    let pieceBytes = max(1, options.text.chunkBytes * 2)
    if try isByLine(source, start) {
      let records = self.records(isByLine: true, hasCommas: false)
      return (try records.read(JSONLineCutter(source, from: start, pieceBytes: pieceBytes)), "one a line")
    }
    let document = JSONDocument(path: path, bytes: try source.bytes(0..<source.count), start: start)
    switch try document.place(options.path) {
    case .elements(let range, let place):
      let cutter = JSONValueCutter(document.bytes, range, pieceBytes: pieceBytes)
      let parts = try records(isByLine: false, hasCommas: true).read(cutter)
      return (parts, place.isEmpty ? "an array" : "the array \(place)")
    case .values(let range):
      let cutter = JSONValueCutter(document.bytes, range, pieceBytes: pieceBytes)
      let parts = try records(isByLine: false, hasCommas: false).read(cutter)
      return (parts, parts.reduce(0) { $0 + $1.rows } == 1 ? "one object" : "one behind the other")
    }
  }

  private func records(isByLine: Bool, hasCommas: Bool) -> JSONRecords {
    JSONRecords(
      path: path, options: options.text, cancellation: cancellation, isByLine: isByLine, hasCommas: hasCommas)
  }

  /// Whether each line is an object: its name says so, or its first line is one and another follows.
  private func isByLine(_ source: any ByteSource, _ start: Int) throws(SourceError) -> Bool {
    let head = try source.bytes(start..<(start + 1 << 22))
    guard let first = head.first(where: { $0 > 0x20 }) else { throw .empty(path: path) }
    guard first == UInt8(ascii: "{") else {
      if first == UInt8(ascii: "[") { return false }
      throw .damaged(
        path: path, format: JSONFormat.name, place: "its beginning", found: "is neither an object `{` nor an array `[`")
    }
    if options.path != nil { return false }
    let name = path.lowercased()
    if [".jsonl", ".ndjson"].contains(where: { name.hasSuffix($0) || name.contains("\($0).") }) { return true }
    let line = head.drop { $0 <= 0x20 }.prefix { $0 != 0x0a }
    guard head.dropFirst(line.endIndex).first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return false }
    let text = Array(line) + [UInt8](repeating: 0, count: 24)
    return text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      let parser = JSONParser(wanted: [], isByLine: true)
      parser.begin(base)
      do throws(JSONFault) { try parser.skip(1) } catch { return false }
      parser.skipBlanks()
      return parser.offset >= line.count
    }
  }

  /// A fault with its line and column.
  private func error(_ fault: JSONRecords.Fault, _ source: any ByteSource) throws(SourceError) -> SourceError {
    if fault.isTooWide {
      return .unsupported(
        path: path, feature: "objects with more than \(JSONParser.mostColumns) different names",
        advice: "path=\"…\" names the array whose objects are the rows")
    }
    var (line, lineStart, place) = (1, 0, 0)
    while place < fault.offset {
      let block = try source.bytes(place..<min(fault.offset, place + 1 << 20))
      if block.isEmpty { break }
      for (i, byte) in block.enumerated() where byte == 0x0a {
        line += 1
        lineStart = place + i + 1
      }
      place += block.count
    }
    return .damaged(
      path: path, format: JSONFormat.name, place: "line \(line), column \(fault.offset - lineStart + 1)",
      found: fault.found)
  }

  // MARK: The table

  private func table(
    _ parts: [JSONRecords.Part], _ known: LoadReport, _ watch: Stopwatch, fileBytes: Int
  ) throws -> SourceTable {
    var report = known
    let all = parts.reduce(0) { $0 + $1.rows }
    let rows = min(all, options.text.rows ?? Int.max)
    var paths: [String] = []
    var pieces: [[CellPiece]] = []
    var slots: [String: Int] = [:]
    var start = 0
    for part in parts {
      for (path, cells, texts) in part.columns {
        let slot = slots[path] ?? paths.count
        if slot == paths.count {
          slots[path] = slot
          paths.append(path)
          pieces.append([])
        }
        pieces[slot].append(CellPiece(start: start, cells: cells, texts: texts))
      }
      start += part.rows
    }
    (paths, pieces) = withoutEmptyObjects(paths, pieces)
    let (names, renamed) = ColumnNames.unique(paths)
    let wanted = try ColumnNames.wanted(names, options.text, path: path)
    let slotCount = rows.multipliedReportingOverflow(by: wanted.count)
    if slotCount.overflow || slotCount.partialValue > max(1 << 28, 20 * fileBytes) {
      throw SourceError.unsupported(
        path: path, feature: "\(wanted.count) columns in \(rows) rows, nearly all of them missing",
        advice: "columns=[…] names those to read")
    }
    let cast = ColumnCast(path: path, options: options.text)
    let assembly = CellAssembly(rows: rows, missing: MissingTexts(options.text.missing))
    let columns = try assembly.columns(
      wanted.map { (names[$0], pieces[$0]) }, cast: cast, cancellation, path: path)

    report.renamed = renamed
    report.blankLines = parts.reduce(0) { $0 + $1.blankLines }
    let skipped = parts.reduce(0) { $0 + $1.skippedLines }
    if skipped > 0 {
      report.details.append(("left out", "\(skipped) \(skipped == 1 ? "line" : "lines") that are no JSON objects"))
    }
    var fields: [Field] = []
    for (place, column) in zip(wanted, columns) {
      let isLabel = column.type == .integer && Identifiers.isName(names[place])
      fields.append(Field(names[place], column.type, measure: isLabel ? .identifier : .plain))
      if column.missingCount > 0 { report.missing.append((names[place], column.missingCount)) }
    }
    report.rows = rows
    report.columns = columns.count
    report.seconds = watch.seconds
    return SourceTable(table: Table(schema: Schema(fields), columns: columns, rowCount: rows), report: report)
  }

  /// Leaves out names that stood only for objects and for null in their place.
  private func withoutEmptyObjects(_ paths: [String], _ pieces: [[CellPiece]]) -> ([String], [[CellPiece]]) {
    var objects: Set<String> = []
    for path in paths {
      var rest = path[...]
      while let dot = rest.lastIndex(of: ".") {
        rest = rest[..<dot]
        objects.insert(String(rest))
      }
    }
    let kept = paths.indices.filter { place in
      !objects.contains(paths[place])
        || pieces[place].contains { !$0.cells.met.subtracting(.init(.missing)).isEmpty }
    }
    return (kept.map { paths[$0] }, kept.map { pieces[$0] })
  }
}
