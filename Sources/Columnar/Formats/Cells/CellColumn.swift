/// The cells of one column while their common type is not known: a kind and eight bytes each.
///
/// A column that turns out to hold numbers after a thousand texts needs no second pass over its file that way.
struct CellColumn: Sendable {
  /// What one cell holds, and what its eight bytes are.
  enum Kind: UInt8, Sendable {
    case missing
    /// An `Int64`.
    case integer
    /// The bits of a `Double`.
    case real
    /// 0 or 1.
    case boolean
    /// The code of a text in the dictionary that goes with the column.
    case text
    /// Microseconds of midnight.
    case date
    /// Microseconds.
    case datetime
  }

  /// A set of kinds, one bit each.
  struct Kinds: OptionSet, Sendable {
    var rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ kinds: Kind...) { rawValue = kinds.reduce(0) { $0 | 1 << $1.rawValue } }

    mutating func insert(_ kind: UInt8) { rawValue |= 1 << kind }
  }

  /// The kinds of the cells, one a row.
  private(set) var kinds: [UInt8] = []
  /// The cells' bytes, one word a row.
  private(set) var words: [UInt64] = []
  /// The kinds that were met, those of overwritten cells among them.
  private(set) var met = Kinds()

  /// The number of rows.
  var count: Int { kinds.count }

  /// Writes the cell of a row at the end or behind it; a row that is there already is overwritten.
  @inline(__always)
  mutating func set(_ row: Int, _ kind: Kind, _ word: UInt64) {
    met.insert(kind.rawValue)
    if kinds.count < row { pad(to: row) }
    if kinds.count == row {
      kinds.append(kind.rawValue)
      words.append(word)
    } else {
      kinds[row] = kind.rawValue
      words[row] = word
    }
  }

  /// Rows up to this one without a cell are missing.
  @inline(never)
  private mutating func pad(to rows: Int) {
    kinds.append(contentsOf: repeatElement(0, count: rows - kinds.count))
    words.append(contentsOf: repeatElement(0, count: rows - words.count))
  }

  /// Takes back the rows from this one on.
  mutating func cut(to rows: Int) {
    if count <= rows { return }
    kinds.removeLast(count - rows)
    words.removeLast(words.count - rows)
  }

  /// The column without its first row.
  mutating func removeFirst() {
    if kinds.isEmpty { return }
    kinds.removeFirst()
    words.removeFirst()
    met = kinds.reduce(into: Kinds()) { $0.insert($1) }
  }

  /// The kind of a row's cell; missing past the last one.
  func kind(_ row: Int) -> Kind { row < count ? Kind(rawValue: kinds[row]) ?? .missing : .missing }
}

/// The texts of cells, which the codes of several columns may stand for.
final class CellTexts: @unchecked Sendable {
  // One thread fills it, and many read it once that has ended.
  var dictionary = LocalDictionary()

  /// The code of a text.
  @inline(__always)
  func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 { UInt64(dictionary.code(text)) }

  /// The code of a text.
  func code(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { code($0) }
  }
}

/// Some rows of a column, and where in the table they stand.
struct CellPiece: Sendable {
  /// The table's row of the first cell.
  let start: Int
  let cells: CellColumn
  let texts: CellTexts
}
