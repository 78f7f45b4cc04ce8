import Synchronization

/// Reads the rows of a sheet on all cores.
///
/// The XML is cut before elements `row`: whoever is free unpacks the next piece, and parses it while others do the same with
/// theirs. What cannot be cut, or has a fault, is read again from front to end, so that messages name the right row.
struct SheetBlocks {
  let archive: ZipArchive
  let part: UInt64
  let name: String
  let context: SheetReader.Context
  let cancellation: Cancellation

  /// The pieces in order.
  func read(limit: Int) throws -> [SheetReader.Cells] {
    if limit == Int.max, ParallelTasks.workerCount > 1, let pieces = try onAllCores() { return pieces }
    let reader = SheetReader(context, WorkbookTexts(context.sharedStrings), limit: limit)
    try archive.parse(part, name, reader, cancellation) { reader.place }
    return [reader.cells]
  }

  private struct Progress {
    var pieces: [Int: SheetReader.Cells] = [:]
    var hasFailed = false
  }

  /// Nil when the sheet has to be read from front to end.
  private func onAllCores() throws -> [SheetReader.Cells]? {
    guard let stream = archive.stream(part) else { return nil }
    let cutter = Mutex(RowCutter(stream))
    let progress = Mutex(Progress())
    ParallelTasks.run(tasks: ParallelTasks.workerCount) { _, queue in
      while queue.next() != nil {
        let store = WorkbookTexts(context.sharedStrings)
        while !cancellation.isCancelled, !progress.withLock({ $0.hasFailed }) {
          guard let piece = cutter.withLock({ $0.next() }) else { break }
          let reader = SheetReader(context, store, limit: Int.max)
          let isRight = parse(piece, reader)
          progress.withLock {
            $0.pieces[piece.number] = reader.cells
            if !isRight { $0.hasFailed = true }
          }
        }
      }
    }
    try cancellation.check()
    let (found, isWhole) = (progress.withLock { $0 }, cutter.withLock { $0.isWhole })
    if found.hasFailed || !isWhole { return nil }
    let pieces = found.pieces.sorted { $0.key < $1.key }.map(\.value)
    var last: Int32 = 0
    for rows in pieces.map(\.rowNumbers) {
      if let first = rows.first, first <= last { return nil }
      last = rows.last ?? last
    }
    return pieces
  }

  private func parse(_ piece: RowCutter.Piece, _ reader: SheetReader) -> Bool {
    guard let xml = XMLReader(reader) else { return false }
    let fault = { (found: String) in archive.damaged(name, found) }
    do throws(SourceError) {
      if !piece.opening.isEmpty { _ = try xml.parse(piece.opening, isLast: false, fault) }
      _ = try xml.parse(piece.bytes, isLast: piece.isLast, fault)
    } catch {
      return false
    }
    // Between two rows two elements are open; rows without numbers are counted from the first.
    return reader.depth == (piece.isLast ? 0 : 2) && (piece.number == 0 || !reader.cells.hasRowWithoutNumber)
  }
}

/// Cuts the XML of a sheet before its rows while it is unpacked.
struct RowCutter {
  /// Whole rows.
  struct Piece {
    var number: Int
    /// The beginnings of the elements that the rows stand in.
    var opening: [UInt8]
    var bytes: [UInt8]
    var isLast: Bool
  }

  private static let pieceBytes = 1 << 20

  /// Whether all of the sheet has been handed out.
  private(set) var isWhole = false
  private let stream: ZipStream
  private var number = 0
  private var opening: [UInt8]?
  private var rest: [UInt8] = []

  init(_ stream: ZipStream) { self.stream = stream }

  /// The next rows; nil at the end, and when they cannot be cut out.
  mutating func next() -> Piece? {
    if isWhole { return nil }
    var bytes = rest
    rest = []
    while true {
      let start = bytes.count
      guard let got = stream.append(RowCutter.pieceBytes, to: &bytes) else { return nil }
      if got == 0 {
        isWhole = true
        return piece(bytes, isLast: true)
      }
      guard let cut = RowCutter.lastRow(bytes, from: max(0, start - 300)) else {
        // So long a row is none.
        if bytes.count > 1 << 26 { return nil }
        continue
      }
      rest = Array(bytes[cut...])
      bytes.removeLast(bytes.count - cut)
      if number == 0, opening == nil {
        guard let names = RowCutter.opening(bytes) else { return nil }
        opening = names
        return piece(bytes, isLast: false, opening: [])
      }
      return piece(bytes, isLast: false)
    }
  }

  private mutating func piece(_ bytes: [UInt8], isLast: Bool, opening first: [UInt8]? = nil) -> Piece {
    defer { number += 1 }
    return Piece(number: number, opening: first ?? opening ?? [], bytes: bytes, isLast: isLast)
  }

  /// The place of the last `<row`, with a prefix or without; none in the first byte, so that pieces get on.
  private static func lastRow(_ bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var place = bytes.count - 6
      while place > max(0, start) {
        if bytes[place] == UInt8(ascii: "<"), isRow(bytes, place + 1) { return place }
        place -= 1
      }
      return nil
    }
  }

  private static func isRow(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    var start = place
    var end = place
    while end < bytes.count, end < place + 64, isNameByte(bytes[end]) {
      if bytes[end] == UInt8(ascii: ":") { start = end + 1 }
      end += 1
    }
    return end - start == 3 && end < bytes.count && bytes[start] == UInt8(ascii: "r")
      && bytes[start + 1] == UInt8(ascii: "o") && bytes[start + 2] == UInt8(ascii: "w")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "<")
  }

  /// `<worksheet><sheetData>` with the prefixes that the sheet gives these names.
  private static func opening(_ bytes: [UInt8]) -> [UInt8]? {
    var names: [[UInt8]] = []
    for wanted in ["worksheet", "sheetData"] {
      var place = 0
      var found: [UInt8]?
      while found == nil, let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
        let name = Array(bytes[(start + 1)...].prefix { isNameByte($0) }.prefix(64))
        if name.split(separator: UInt8(ascii: ":")).last.map({ $0.elementsEqual(wanted.utf8) }) == true { found = name }
        place = start + 1
      }
      guard let found else { return nil }
      names.append(found)
    }
    // Texts in an encoding that is not UTF-8 cannot be cut without their declaration.
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return nil }
    return names.flatMap { [UInt8(ascii: "<")] + $0 + [UInt8(ascii: ">")] }
  }
}
