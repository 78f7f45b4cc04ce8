import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a table as a Parquet file, one row group after another: nothing but a row group is in memory besides the table.
struct ParquetWriter {
  /// Rows of a row group; a multiple of 64.
  private static let groupRows = 1 << 20

  private let table: Table
  private let path: String
  private let cancellation: Cancellation
  private var file: UnsafeMutablePointer<FILE>
  private var place = 0

  /// Writes all rows. Throws `SourceError.notWritable` or `Cancelled`.
  static func write(
    _ table: Table, to path: String, _ cancellation: Cancellation, groupRows: Int = groupRows
  ) throws {
    guard let file = fopen(path, "wb") else {
      throw SourceError.notWritable(path: path, why: String(cString: strerror(errno)))
    }
    var writer = ParquetWriter(table: table, path: path, cancellation: cancellation, file: file)
    do {
      try writer.write(groupRows)
    } catch {
      fclose(file)
      throw error
    }
    if fclose(file) != 0 { throw SourceError.notWritable(path: path, why: String(cString: strerror(errno))) }
  }

  private mutating func write(_ groupRows: Int) throws {
    let mark = Array("PAR1".utf8)
    try append(mark)
    // Packed columns are widened a row group at a time; the others are there as they are.
    let storages = table.columns.map { $0.packed == nil ? $0.storage : nil }
    var groups: [FooterWriter.Group] = []
    let step = max(64, groupRows / 64 * 64)
    for first in stride(from: 0, to: table.rowCount, by: step) {
      let rows = first..<min(table.rowCount, first + step)
      var group = FooterWriter.Group(rows: rows.count, chunks: [])
      for var chunk in try chunks(rows, storages) {
        let start = place
        try append(chunk.bytes)
        chunk.forgetBytes()
        group.chunks.append((start, chunk))
      }
      groups.append(group)
    }
    let footer = FooterWriter(table: table, groups: groups).bytes
    guard let size = UInt32(exactly: footer.count) else {
      throw SourceError.notWritable(path: path, why: "it would have too many columns and row groups")
    }
    try append(footer)
    try append(withUnsafeBytes(of: size.littleEndian, Array.init) + mark)
  }

  /// All columns of a row group, made on all cores.
  private func chunks(_ rows: Range<Int>, _ storages: [Column.Storage?]) throws -> [WrittenChunk] {
    let made = Mutex([WrittenChunk?](repeating: nil, count: table.columns.count))
    let (columns, cancellation) = (table.columns, cancellation)
    ParallelTasks.run(tasks: columns.count) { _, queue in
      while !cancellation.isCancelled, let place = queue.next() {
        let chunk = ChunkWriter.write(columns[place], storages[place], rows)
        made.withLock { $0[place] = chunk }
      }
    }
    try cancellation.check()
    return made.withLock { $0.compactMap { $0 } }
  }

  private mutating func append(_ bytes: [UInt8]) throws(SourceError) {
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw .notWritable(path: path, why: String(cString: strerror(errno)))
    }
    place += bytes.count
  }
}
