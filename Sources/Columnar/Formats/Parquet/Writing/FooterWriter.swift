/// The footer of a file as it is written.
struct FooterWriter {
  /// A row group: its rows, where its columns begin, and what they are.
  struct Group {
    var rows: Int
    var chunks: [(offset: Int, chunk: WrittenChunk)]
  }

  let table: Table
  let groups: [Group]

  /// The footer's bytes.
  var bytes: [UInt8] {
    var writer = ThriftCompactWriter()
    writer.root { footer in
      footer.int32(1, 2)
      footer.structures(2, Array(-1..<table.columns.count)) { element, place in
        if place < 0 { root(&element) } else { leaf(&element, table.schema.fields[place], table.columns[place]) }
      }
      footer.int64(3, table.rowCount)
      footer.structures(4, groups) { element, group in write(group, &element) }
      footer.text(6, "Martlet")
      // Without this, nobody trusts the bounds of texts.
      footer.structures(7, table.schema.fields) { order, _ in order.structure(1) }
    }
    return writer.bytes
  }

  private func root(_ element: inout ThriftCompactWriter) {
    element.text(4, "schema")
    element.int32(5, table.columns.count)
  }

  private func leaf(_ element: inout ThriftCompactWriter, _ field: Field, _ column: Column) {
    let type: FileMetadata.PhysicalType =
      switch field.type {
      case .integer, .datetime: .int64
      case .date, .period: .int32
      case .real: .double
      case .text: .byteArray
      case .boolean: .boolean
      }
    element.int32(1, type.rawValue)
    let repetition = column.validity == nil ? FileMetadata.Repetition.required : .optional
    element.int32(3, repetition.rawValue)
    element.text(4, field.name)
    switch field.type {
    case .text:
      element.int32(6, 0)
      element.structure(10) { $0.structure(1) }
    case .date, .period:
      element.int32(6, 6)
      element.structure(10) { $0.structure(6) }
    case .datetime:
      element.structure(10) { logical in
        logical.structure(8) { moment in
          moment.boolean(1, false)
          moment.structure(2) { $0.structure(FileMetadata.TimeUnit.microseconds.rawValue) }
        }
      }
    case .integer, .real, .boolean: break
    }
  }

  private func write(_ group: Group, _ element: inout ThriftCompactWriter) {
    element.structures(1, Array(group.chunks.indices)) { chunk, place in
      let (offset, written) = group.chunks[place]
      chunk.int64(2, 0)
      chunk.structure(3) { write(written, offset, table.schema.names[place], &$0) }
    }
    element.int64(2, group.chunks.reduce(0) { $0 + $1.chunk.unpackedBytes })
    element.int64(3, group.rows)
    if let first = group.chunks.first { element.int64(5, first.offset) }
    element.int64(6, group.chunks.reduce(0) { $0 + $1.chunk.size })
  }

  private func write(_ chunk: WrittenChunk, _ offset: Int, _ name: String, _ writer: inout ThriftCompactWriter) {
    writer.int32(1, chunk.type.rawValue)
    var encodings = [chunk.encoding, .runLengths]
    if chunk.hasDictionary { encodings.append(.plain) }
    writer.int32s(2, encodings.map(\.rawValue))
    writer.texts(3, [name])
    writer.int32(4, ParquetCodec.zstd.rawValue)
    writer.int64(5, chunk.values)
    writer.int64(6, chunk.unpackedBytes)
    writer.int64(7, chunk.size)
    writer.int64(9, offset + chunk.dataOffset)
    if chunk.hasDictionary { writer.int64(11, offset) }
    writer.structure(12) { statistics in
      statistics.int64(3, chunk.missing)
      if let high = chunk.high { statistics.binary(5, high) }
      if let low = chunk.low { statistics.binary(6, low) }
      if chunk.high != nil {
        statistics.boolean(7, true)
        statistics.boolean(8, true)
      }
    }
  }
}
