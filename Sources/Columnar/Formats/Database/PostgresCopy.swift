/// Cuts the stream of a binary copy of PostgreSQL into rows and values.
final class PostgresCopy {
  private let columns: [PostgresColumn]
  private(set) var rows = 0
  private(set) var bytes = 0
  /// Bytes of a row that is not there to its end.
  private var rest: [UInt8] = []
  private var isBegun = false
  private var isEnded = false

  private static let signature = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0]

  /// What came is no such stream: where, and what is wrong.
  struct Damage: Error {
    let why: String
  }

  /// A stream whose rows have these columns.
  init(_ columns: [PostgresColumn]) { self.columns = columns }

  /// Takes the next bytes. Throws `Damage`.
  func take(_ piece: UnsafeRawBufferPointer) throws(Damage) {
    bytes += piece.count
    if rest.isEmpty {
      let used = try cut(piece)
      if used < piece.count { rest = Array(piece[used...]) }
      return
    }
    rest.append(contentsOf: piece)
    let whole = rest
    let outcome = whole.withUnsafeBytes { bytes -> Result<Int, Damage> in
      Result { () throws(Damage) in try cut(bytes) }
    }
    rest.removeFirst(try outcome.get())
  }

  /// Whether the stream has come to its end in good order.
  var isWhole: Bool { isEnded && rest.isEmpty }

  /// Cuts as many whole rows as there are; gives the bytes that they took.
  private func cut(_ bytes: UnsafeRawBufferPointer) throws(Damage) -> Int {
    var place = 0
    if !isBegun {
      guard bytes.count >= 19 else { return 0 }
      guard bytes.prefix(11).elementsEqual(PostgresCopy.signature) else {
        throw Damage(why: "it does not begin as one")
      }
      let flags = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt32.self))
      let extra = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 15, as: Int32.self)))
      guard flags & 0xffff_0000 == 0, extra >= 0 else { throw Damage(why: "its header is of another version") }
      guard bytes.count >= 19 + extra else { return 0 }
      isBegun = true
      place = 19 + extra
    }
    while place + 2 <= bytes.count {
      if isEnded { throw Damage(why: "it goes on behind its end") }
      let fields = Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
      if fields == -1 {
        isEnded = true
        place += 2
        continue
      }
      guard fields == columns.count else { throw Damage(why: "a row has \(fields) values instead of \(columns.count)") }
      guard isWholeRow(bytes, place + 2) else { return place }
      place += 2
      for column in columns {
        let count = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
        place += 4
        if count < 0 {
          column.appendMissing()
          continue
        }
        guard column.append(UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)])) else {
          throw Damage(why: "a value of `\(column.name)` in row \(rows + 1) has not the shape of its type")
        }
        place += count
      }
      rows += 1
    }
    return place
  }

  private func isWholeRow(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    var place = start
    for _ in columns {
      guard place + 4 <= bytes.count else { return false }
      let count = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
      place += 4 + max(0, count)
      guard place <= bytes.count else { return false }
    }
    return true
  }
}
