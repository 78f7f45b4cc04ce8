#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes a typed column of cells: the narrowest type that all of them have, and text as shown where they have none in common.
struct CellAssembly {
  /// The rows of the table; those without a cell are missing.
  let rows: Int
  /// Texts that stand for a missing value.
  let missing: MissingTexts
  /// How truth values are shown in a column of several types.
  var truths = (yes: "true", no: "false")

  /// A column that was found to hold text, with codes that stand for the pieces' own.
  private struct Texts {
    var dictionary = LocalDictionary()
    /// By text store, the column's code of each of its codes.
    var maps: [ObjectIdentifier: [UInt32]] = [:]
    var hasText = false
  }

  private static let unknown = UInt32.max
  private static let gap = UInt32.max - 1

  /// The column of some pieces in order. Texts that are dates of ISO 8601 without exception become such. With `asText` the
  /// column is text, whatever it holds.
  func column(_ pieces: [CellPiece], asText: Bool = false) -> Column {
    var kinds = pieces.reduce(into: CellColumn.Kinds()) { $0.formUnion($1.cells.met) }
    kinds.remove(.init(.missing))
    var texts = Texts()
    if kinds.contains(.init(.text)) {
      meetTexts(pieces, &texts)
      if !texts.hasText { kinds.remove(.init(.text)) }
    }
    if asText { return shown(pieces, &texts) }
    switch kinds {
    case []: return Column(.text(codes: Array(repeating: 0, count: rows), TextDictionary([""])), validity: none)
    case .init(.integer): return integers(pieces)
    case .init(.real), .init(.integer, .real): return reals(pieces)
    case .init(.boolean): return booleans(pieces)
    case .init(.date): return moments(pieces, areDays: true)
    case .init(.datetime), .init(.date, .datetime): return moments(pieces, areDays: false)
    case .init(.text): return ISODates.column(of: texts.dictionary, rows, codes(pieces, texts)) ?? plain(pieces, texts)
    default: return shown(pieces, &texts)
    }
  }

  /// Whether all bytes of the column's texts fit into one dictionary.
  static func fits(_ column: Column) -> Bool { (column.dictionary?.bytes.count ?? 0) < Int(UInt32.max) }

  private var none: Bitmap? { rows == 0 ? nil : Bitmap(repeating: false, count: rows) }

  // MARK: Loops

  /// Calls the closure for each cell that is there.
  @inline(__always)
  private func each(_ pieces: [CellPiece], _ body: (Int, UInt8, UInt64) -> Void) {
    for piece in pieces {
      piece.cells.kinds.withUnsafeBufferPointer { kinds in
        piece.cells.words.withUnsafeBufferPointer { words in
          for i in 0..<min(kinds.count, rows - piece.start) where kinds[i] != 0 {
            body(piece.start &+ i, kinds[i], words[i])
          }
        }
      }
    }
  }

  /// The numbers of the column, and which rows have one; what is not of the wanted kinds is missing.
  @inline(__always)
  private func numbers<N>(
    _ pieces: [CellPiece], _ zero: N, _ number: (UInt8, UInt64) -> N?
  ) -> (values: [N], validity: Bitmap?) {
    var valid = [UInt64](repeating: 0, count: (rows + 63) / 64)
    var met = 0
    let values = [N](unsafeUninitializedCapacity: rows) { out, made in
      out.initialize(repeating: zero)
      made = rows
      each(pieces) { row, kind, word in
        guard let value = number(kind, word) else { return }
        out[row] = value
        valid[row &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: row & 63)
        met &+= 1
      }
    }
    return (values, met == rows ? nil : Bitmap(words: valid, count: rows))
  }

  // MARK: Types

  private func integers(_ pieces: [CellPiece]) -> Column {
    let (values, validity) = numbers(pieces, Int64(0)) { kind, word in
      kind == CellColumn.Kind.integer.rawValue ? Int64(bitPattern: word) : nil
    }
    return Column(ColumnLanes.packed(values, .whole), validity: validity)
  }

  private func reals(_ pieces: [CellPiece]) -> Column {
    let (values, validity) = numbers(pieces, 0.0) { kind, word in
      switch CellColumn.Kind(rawValue: kind) {
      case .integer: Double(Int64(bitPattern: word))
      case .real: Double(bitPattern: word)
      default: nil
      }
    }
    return ColumnLanes.packedDecimals(values).map { Column($0, validity: validity) }
      ?? Column(.real(values), validity: validity)
  }

  private func booleans(_ pieces: [CellPiece]) -> Column {
    let (values, validity) = numbers(pieces, false) { kind, word in
      kind == CellColumn.Kind.boolean.rawValue ? word != 0 : nil
    }
    return Column(.boolean(values), validity: validity)
  }

  private func moments(_ pieces: [CellPiece], areDays: Bool) -> Column {
    let (values, validity) = numbers(pieces, Int64(0)) { kind, word in
      kind == CellColumn.Kind.date.rawValue || kind == CellColumn.Kind.datetime.rawValue ? Int64(bitPattern: word) : nil
    }
    return Column(ColumnLanes.packedMoments(values, areDays: areDays), validity: validity)
  }

  // MARK: Texts

  /// Gives the texts of the column codes in order of their first appearance; those that mean a missing value get none.
  private func meetTexts(_ pieces: [CellPiece], _ texts: inout Texts) {
    for piece in pieces where piece.cells.met.contains(.init(.text)) {
      let key = ObjectIdentifier(piece.texts)
      let own = piece.texts.dictionary
      var map = texts.maps.removeValue(forKey: key) ?? [UInt32](repeating: Self.unknown, count: own.count)
      own.bytes.withUnsafeBufferPointer { bytes in
        each([piece]) { _, kind, word in
          guard kind == CellColumn.Kind.text.rawValue else { return }
          let code = Int(truncatingIfNeeded: word)
          if map[code] != Self.unknown { return }
          let text = UnsafeBufferPointer(rebasing: bytes[Int(own.offsets[code])..<Int(own.offsets[code + 1])])
          map[code] = isMissing(text) ? Self.gap : texts.dictionary.code(text)
        }
      }
      texts.maps[key] = map
    }
    texts.hasText = texts.dictionary.count > 0
  }

  private func isMissing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = text.baseAddress, text.count > 0 else { return true }
    return missing.contains(FieldBlock.Field(start: start, count: text.count, isQuoted: false))
  }

  /// One code a row, `gap` for rows without a text.
  private func codes(_ pieces: [CellPiece], _ texts: Texts) -> (codes: [UInt32], validity: Bitmap?) {
    var codes = [UInt32](repeating: 0, count: rows)
    var valid = [UInt64](repeating: 0, count: (rows + 63) / 64)
    var met = 0
    codes.withUnsafeMutableBufferPointer { codes in
      for piece in pieces {
        guard let map = texts.maps[ObjectIdentifier(piece.texts)] else { continue }
        map.withUnsafeBufferPointer { map in
          each([piece]) { row, kind, word in
            guard kind == CellColumn.Kind.text.rawValue else { return }
            let code = map[Int(truncatingIfNeeded: word)]
            if code == Self.gap { return }
            codes[row] = code
            valid[row &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: row & 63)
            met &+= 1
          }
        }
      }
    }
    return (codes, met == rows ? nil : Bitmap(words: valid, count: rows))
  }

  private func plain(_ pieces: [CellPiece], _ texts: Texts) -> Column {
    let (codes, validity) = codes(pieces, texts)
    return Column(ColumnLanes.packed(codes, texts.dictionary.finished), validity: validity)
  }

  /// Everything as text, as a reader of the file would see it.
  private func shown(_ pieces: [CellPiece], _ texts: inout Texts) -> Column {
    // By kind, the codes of the words that were met.
    var made = [[UInt64: UInt32]](repeating: [:], count: 8)
    var codes = [UInt32](repeating: 0, count: rows)
    var valid = Bitmap(repeating: false, count: rows)
    var dictionary = texts.dictionary
    for piece in pieces {
      let map = texts.maps[ObjectIdentifier(piece.texts)] ?? []
      each([piece]) { row, kind, word in
        let code: UInt32
        if kind == CellColumn.Kind.text.rawValue {
          code = map[Int(truncatingIfNeeded: word)]
          if code == Self.gap { return }
        } else {
          if let known = made[Int(kind)][word] {
            code = known
          } else {
            var text = CellAssembly.text(kind, word, truths)
            code = text.withUTF8 { dictionary.code($0) }
            made[Int(kind)][word] = code
          }
        }
        codes[row] = code
        valid[row] = true
      }
    }
    // Codes of missing rows mean something too.
    if dictionary.count == 0 { return Column(.text(codes: codes, TextDictionary([""])), validity: valid) }
    return Column(ColumnLanes.packed(codes, dictionary.finished), validity: valid)
  }

  /// A cell's text for the eye: what a cell with a time of day alone, or a truth value, shows.
  private static func text(_ kind: UInt8, _ word: UInt64, _ truths: (yes: String, no: String)) -> String {
    switch CellColumn.Kind(rawValue: kind) {
    case .integer: return String(Int64(bitPattern: word))
    case .real: return text(Double(bitPattern: word))
    case .boolean: return word != 0 ? truths.yes : truths.no
    case .date: return Timestamp(microseconds: Int64(bitPattern: word)).date.description
    case .datetime: return Timestamp(microseconds: Int64(bitPattern: word)).description
    case .text, .missing, nil: return ""
    }
  }

  /// The shortest text that reads back to the number; whole numbers without a point.
  static func text(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    return "\(number)"
  }
}
