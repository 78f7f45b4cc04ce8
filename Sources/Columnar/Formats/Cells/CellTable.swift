import Synchronization

extension CellAssembly {
  /// The columns of a table, each of its pieces, made on all cores; of the types that the options name where they name some.
  func columns(
    _ columns: [(name: String, pieces: [CellPiece])], cast: ColumnCast, _ cancellation: Cancellation, path: String
  ) throws -> [Column] {
    let made = Mutex([Column?](repeating: nil, count: columns.count))
    let failure = Mutex(SourceError?.none)
    ParallelTasks.run(tasks: columns.count) { _, queue in
      while let place = queue.next(), !cancellation.isCancelled, failure.withLock({ $0 == nil }) {
        let (name, pieces) = columns[place]
        do throws(SourceError) {
          let column = try self.column(name, pieces, cast)
          if !CellAssembly.fits(column) { throw .tooManyTexts(path: path, column: name) }
          made.withLock { $0[place] = column }
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    try cancellation.check()
    if let error = failure.withLock({ $0 }) { throw error }
    return made.withLock { $0.compactMap { $0 } }
  }

  private func column(_ name: String, _ pieces: [CellPiece], _ cast: ColumnCast) throws(SourceError) -> Column {
    guard let type = cast.options.types[name] else {
      let column = self.column(pieces)
      return Identifiers.isName(name) ? Identifiers.wholeNumbers(column) : column
    }
    if type == .text { return self.column(pieces, asText: true) }
    return try cast.column(self.column(pieces), name, type, shown: { self.column(pieces, asText: true) })
  }
}
