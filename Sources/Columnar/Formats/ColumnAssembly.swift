/// Puts the pieces of a column together.
enum ColumnAssembly {
  /// One column of all pieces in order. Dates without any time of day become days.
  static func join(_ pieces: [ColumnPiece], kind: ColumnKind) -> Column {
    let count = pieces.reduce(0) { $0 + $1.count }
    let validity = validity(pieces, count)
    switch kind {
    case .integer:
      return Column(
        .integer(gather(pieces) { if case .integer(let v) = $0.values { v } else { [] } }), validity: validity)
    case .real:
      return Column(.real(gather(pieces) { if case .real(let v) = $0.values { v } else { [] } }), validity: validity)
    case .boolean:
      return Column(
        .boolean(gather(pieces) { if case .boolean(let v) = $0.values { v } else { [] } }), validity: validity)
    case .date:
      let instants: [Int64] = gather(pieces) { if case .instants(let v) = $0.values { v } else { [] } }
      if pieces.contains(where: { $0.hasTime }) { return Column(.datetime(instants), validity: validity) }
      return Column(.date(instants.map { Timestamp(microseconds: $0).date.days }), validity: validity)
    case .text:
      return texts(pieces, validity)
    }
  }

  private static func gather<T>(_ pieces: [ColumnPiece], _ values: (ColumnPiece) -> [T]) -> [T] {
    if pieces.count == 1 { return values(pieces[0]) }
    var all: [T] = []
    all.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { all.append(contentsOf: values(piece)) }
    return all
  }

  private static func validity(_ pieces: [ColumnPiece], _ count: Int) -> Bitmap? {
    if pieces.allSatisfy({ $0.missing.isEmpty }) { return nil }
    var bits = Bitmap(repeating: true, count: count)
    var start = 0
    for piece in pieces {
      for row in piece.missing { bits[start + Int(row)] = false }
      start += piece.count
    }
    return bits
  }

  private static func texts(_ pieces: [ColumnPiece], _ validity: Bitmap?) -> Column {
    var dictionary = LocalDictionary()
    var codes: [UInt32] = []
    codes.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces {
      guard case .text(let local, let words) = piece.values else { continue }
      let codeHere = dictionary.merge(words)
      // A piece without any text has only missing rows.
      if codeHere.isEmpty {
        codes.append(contentsOf: local)
      } else {
        codes.append(contentsOf: local.lazy.map { codeHere[Int($0)] })
      }
    }
    return Column(.text(codes: codes, dictionary.finished), validity: validity)
  }
}
