import Synchronization

/// Reads the records of all pieces on all cores.
struct JSONRecords {
  let path: String
  let options: CSVOptions
  let cancellation: Cancellation
  /// Whether each record has a line of its own; otherwise commas or blanks stand between them.
  let isByLine: Bool
  /// Whether commas stand between them.
  let hasCommas: Bool

  /// What one piece held.
  struct Part: Sendable {
    var rows = 0
    var columns: [(path: String, cells: CellColumn, texts: CellTexts)] = []
    var skippedLines = 0
    var blankLines = 0
  }

  /// A fault in the unpacked file.
  struct Fault: Error {
    var offset: Int
    var found: String
    var isTooWide: Bool
  }

  private struct Progress {
    var parts: [Int: Part] = [:]
    var fault: (piece: Int, fault: Fault)?
    var failure: SourceError?
  }

  /// The parts in order. Throws `Fault`, `SourceError` or `Cancelled`.
  func read<Cutter: JSONCutter>(_ cutter: Cutter) throws -> [Part] {
    let cutter = Mutex(cutter)
    let progress = Mutex(Progress())
    let wanted = options.columns.map { Set($0 + options.types.keys) }
    // A few rows are read by one thread, which stops when it has them.
    let limit = options.rows ?? Int.max
    let workers = limit < Int.max ? 1 : ParallelTasks.workerCount
    ParallelTasks.run(tasks: workers, workers: workers) { _, queue in
      while queue.next() != nil {
        let parser = JSONParser(wanted: wanted, isByLine: isByLine)
        var rows = 0
        while rows < limit, !cancellation.isCancelled, progress.withLock({ $0.fault == nil && $0.failure == nil }) {
          let piece: JSONPiece?
          do throws(SourceError) {
            piece = try cutter.withLock { cutter throws(SourceError) in try cutter.next() }
          } catch {
            progress.withLock { $0.failure = error }
            break
          }
          guard let piece else { break }
          do throws(JSONFault) {
            let part = try read(piece, parser, limit - rows)
            rows += part.rows
            progress.withLock { $0.parts[piece.number] = part }
          } catch {
            let fault = Fault(offset: piece.offset + error.place, found: error.found, isTooWide: error.isTooWide)
            // Of two faults the one in front counts, whoever meets it first.
            progress.withLock { if piece.number < $0.fault?.piece ?? Int.max { $0.fault = (piece.number, fault) } }
          }
        }
      }
    }
    try cancellation.check()
    let end = progress.withLock { $0 }
    if let failure = end.failure { throw failure }
    if let fault = end.fault?.fault { throw fault }
    return end.parts.sorted { $0.key < $1.key }.map(\.value)
  }

  private func read(_ piece: JSONPiece, _ parser: JSONParser, _ limit: Int) throws(JSONFault) -> Part {
    var part = Part()
    var fault: JSONFault?
    piece.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      parser.begin(base)
      do throws(JSONFault) {
        if isByLine {
          try lines(parser, piece.count, limit, &part)
        } else {
          try values(parser, piece, limit, &part)
        }
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    part.columns = parser.tree.columns
    return part
  }

  private func lines(_ parser: JSONParser, _ end: Int, _ limit: Int, _ part: inout Part) throws(JSONFault) {
    while parser.offset < end, part.rows < limit {
      parser.skipBlanks()
      if parser.offset >= end { return }
      if parser.next == 0x0a {
        part.blankLines += 1
        parser.skipByte()
        continue
      }
      do throws(JSONFault) {
        try parser.record(part.rows)
        parser.skipBlanks()
        if parser.offset < end, parser.next != 0x0a { throw parser.expect("the end of the line") }
        part.rows += 1
      } catch {
        guard options.badRows == .skip, !error.isTooWide else { throw error }
        parser.cut(to: part.rows)
        part.skippedLines += 1
        parser.skipLine(end)
      }
      if parser.offset < end { parser.skipByte() }
    }
  }

  private func values(_ parser: JSONParser, _ piece: JSONPiece, _ limit: Int, _ part: inout Part) throws(JSONFault) {
    parser.skipBlanks()
    // Pieces begin behind a value.
    if hasCommas, piece.number > 0, parser.offset < piece.count, !parser.take(UInt8(ascii: ",")) {
      throw parser.expect("`,` or `]`")
    }
    while part.rows < limit {
      parser.skipBlanks()
      if parser.offset >= piece.count, part.rows == 0 || !hasCommas { return }
      try parser.record(part.rows)
      part.rows += 1
      parser.skipBlanks()
      if parser.offset >= piece.count { return }
      if hasCommas, !parser.take(UInt8(ascii: ",")) { throw parser.expect("`,` or `]`") }
    }
  }
}
