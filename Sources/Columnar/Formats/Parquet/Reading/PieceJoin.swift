import Synchronization

/// Puts columns together that were read in pieces, one column at a time on each core; pieces are given up as they are used.
final class PieceJoin: Sendable {
  private let pieces: Mutex<[[Column]?]>
  private let types: [DataType]
  private let path: String

  /// Takes the columns of one piece after another.
  init(_ pieces: [[Column]], _ types: [DataType], path: String) {
    // Turned round: the pieces of one column after another.
    self.pieces = Mutex(types.indices.map { column in pieces.map { $0[column] } })
    self.types = types
    self.path = path
  }

  /// The whole columns; the names are for messages.
  func columns(_ names: [String], _ cancellation: Cancellation) throws -> [Column] {
    let made = Mutex<[Column?]>(types.map { _ in nil })
    let failure = Mutex<(any Error)?>(nil)
    ParallelTasks.run(tasks: types.count) { _, queue in
      while !cancellation.isCancelled, let place = queue.next() {
        let own = pieces.withLock { all in
          defer { all[place] = nil }
          return all[place] ?? []
        }
        if let column = PieceJoin.joined(own, types[place]) {
          made.withLock { $0[place] = column }
        } else {
          failure.withLock { $0 = SourceError.tooManyTexts(path: path, column: names[place]) }
        }
      }
    }
    try cancellation.check()
    if let failure = failure.withLock({ $0 }) { throw failure }
    return made.withLock { $0 }.compactMap { $0 }
  }

  /// Nil when texts are more than 32 bits can count.
  private static func joined(_ pieces: [Column], _ type: DataType) -> Column? {
    guard pieces.count > 1 else { return pieces.first ?? .of(type, []) }
    let count = pieces.reduce(0) { $0 + $1.count }
    let validity = PieceJoin.validity(pieces, count)
    if type == .text { return texts(pieces, count).map { Column($0, validity: validity) } }
    let values = pieces.compactMap(\.packed)
    return Column(numbers(values, count), validity: validity)
  }

  private static func validity(_ pieces: [Column], _ count: Int) -> Bitmap? {
    guard pieces.contains(where: { $0.validity != nil }) else { return nil }
    var words = [UInt64](repeating: 0, count: (count + 63) / 64 + 1)
    words.withUnsafeMutableBufferPointer { words in
      guard let base = words.baseAddress else { return }
      var start = 0
      for piece in pieces {
        if let bits = piece.validity {
          let shift = UInt64(start & 63)
          for (place, word) in bits.words.enumerated() {
            base[start >> 6 &+ place] |= word << shift
            if shift > 0 { base[start >> 6 &+ place &+ 1] |= word >> (64 - shift) }
          }
        } else {
          HybridDecoder.setBits(piece.count, base, at: start)
        }
        start += piece.count
      }
    }
    return Bitmap(words: words, count: count)
  }

  // MARK: Numbers

  private static func numbers(_ pieces: [PackedValues], _ count: Int) -> PackedValues {
    let widest = pieces.max { $0.lane.width < $1.lane.width } ?? pieces[0]
    let buffer = LaneBuffer(widest.lane, rows: count)
    var row = 0
    for piece in pieces {
      if piece.lane == widest.lane {
        let room = UnsafeMutableRawPointer(buffer.rows(from: row * piece.lane.width, as: UInt8.self))
        room.copyMemory(from: piece.base, byteCount: piece.count * piece.lane.width)
      } else {
        switch widest.lane {
        case .int16: copy(piece, buffer.rows(from: row, as: Int16.self))
        case .int32: copy(piece, buffer.rows(from: row, as: Int32.self))
        // As the type has them: whole numbers, microseconds, real numbers.
        default: piece.widen(0..<piece.count, into: UnsafeMutableRawPointer(buffer.rows(from: row, as: Int64.self)))
        }
      }
      row += piece.count
    }
    return buffer.finish(widest.meaning)
  }

  private static func copy<To: FixedWidthInteger>(_ piece: PackedValues, _ to: UnsafeMutablePointer<To>) {
    switch piece.lane {
    case .int8: copy(piece, Int8.self, to) { To(truncatingIfNeeded: $0) }
    default: copy(piece, Int16.self, to) { To(truncatingIfNeeded: $0) }
    }
  }

  @inline(__always)
  private static func copy<From, To>(
    _ piece: PackedValues, _ type: From.Type, _ to: UnsafeMutablePointer<To>, _ map: (From) -> To
  ) {
    let from = piece.base.assumingMemoryBound(to: From.self)
    for i in 0..<piece.count { to[i] = map(from[i]) }
  }

  // MARK: Texts

  private static func texts(_ columns: [Column], _ count: Int) -> PackedValues? {
    let pieces = columns.compactMap(\.packed)
    var all = LocalDictionary()
    // Pieces of one row group share their dictionary.
    var last: (place: UnsafePointer<UInt8>?, count: Int, map: [UInt32]) = (nil, 0, [])
    let maps = columns.map { column -> [UInt32] in
      guard let own = column.dictionary else { return [] }
      // What rows without a value have for a code is no text of the column.
      if column.missingCount == column.count { return [UInt32](repeating: 0, count: own.count) }
      let place = own.bytes.withUnsafeBufferPointer(\.baseAddress)
      if place != last.place || own.count != last.count || own.bytes.isEmpty {
        last = (place, own.count, all.merge(own))
      }
      return last.map
    }
    if all.isFull { return nil }
    let buffer = LaneBuffer(LaneBuffer.narrowest(codes: all.count), rows: count)
    var row = 0
    for (piece, map) in zip(pieces, maps) {
      switch buffer.lane {
      case .uint8: recode(piece, map, buffer.rows(from: row, as: UInt8.self))
      case .uint16: recode(piece, map, buffer.rows(from: row, as: UInt16.self))
      default: recode(piece, map, buffer.rows(from: row, as: UInt32.self))
      }
      row += piece.count
    }
    return buffer.finish(.codes(all.count == 0 ? TextDictionary([""]) : all.finished))
  }

  private static func recode<To: FixedWidthInteger>(
    _ piece: PackedValues, _ map: [UInt32], _ to: UnsafeMutablePointer<To>
  ) {
    map.withUnsafeBufferPointer { map in
      switch piece.lane {
      case .uint8: copy(piece, UInt8.self, to) { To(truncatingIfNeeded: map[Int($0)]) }
      case .uint16: copy(piece, UInt16.self, to) { To(truncatingIfNeeded: map[Int($0)]) }
      default: copy(piece, UInt32.self, to) { To(truncatingIfNeeded: map[Int($0)]) }
      }
    }
  }
}
