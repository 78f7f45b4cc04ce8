import Columnar

/// Values of one physical type for all slots, whatever the type.
///
/// The accumulators that keep them are called through a protocol, where the compiler does not specialise generic classes:
/// so the type is chosen by a switch outside the loops.
final class RawCells {
  let base: UnsafeMutableRawPointer
  let type: DataType

  /// All slots hold the value with these bits.
  init(_ slots: Int, _ type: DataType, filledWith bits: UInt64) {
    self.type = type
    base = .allocate(byteCount: max(8, slots * type.width), alignment: 64)
    switch type.width {
    case 1: base.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: bits), count: max(1, slots))
    case 4: base.initializeMemory(as: UInt32.self, repeating: UInt32(truncatingIfNeeded: bits), count: max(1, slots))
    default: base.initializeMemory(as: UInt64.self, repeating: bits, count: max(1, slots))
    }
  }

  deinit { base.deallocate() }

  @inline(__always) func cells<T: BitwiseCopyable>(of: T.Type) -> UnsafeMutablePointer<T> {
    base.assumingMemoryBound(to: T.self)
  }

  /// The values of some slots as a column; `codes` translates text cells into dictionary codes.
  func column(
    _ groups: [UInt32], validity: Bitmap?, _ dictionary: TextDictionary?, codes: [UInt32]? = nil
  ) -> Column {
    let storage: Column.Storage
    switch type {
    case .integer: storage = .integer(groups.map { cells(of: Int64.self)[Int($0)] })
    case .real:
      storage = .real(groups.map { cells(of: Double.self)[Int($0)] }.map { $0.isFinite ? $0 : 0 })
    case .text:
      let raw = groups.map { cells(of: UInt32.self)[Int($0)] }
      let entries = codes.map { codes in raw.map { codes.indices.contains(Int($0)) ? codes[Int($0)] : 0 } } ?? raw
      storage = .text(codes: entries, dictionary ?? TextDictionary([""]))
    case .boolean: storage = .boolean(groups.map { cells(of: UInt8.self)[Int($0)] == 1 })
    case .date: storage = .date(groups.map { cells(of: Int32.self)[Int($0)] })
    case .datetime: storage = .datetime(groups.map { cells(of: Int64.self)[Int($0)] })
    case .period(let grain): storage = .period(groups.map { cells(of: Int32.self)[Int($0)] }, grain)
    }
    return DictionaryCompaction.compacted(Column(storage, validity: validity))
  }
}

/// Texts by their place in the order of all entries of a dictionary, and back.
struct TextOrder {
  /// The place of each code.
  let ranks: [UInt32]
  /// The code of each place.
  let codes: [UInt32]

  init(_ dictionary: TextDictionary) {
    ranks = dictionary.ranks
    var codes = [UInt32](repeating: 0, count: ranks.count)
    for (code, rank) in ranks.enumerated() { codes[Int(rank)] = UInt32(code) }
    self.codes = codes
  }
}
