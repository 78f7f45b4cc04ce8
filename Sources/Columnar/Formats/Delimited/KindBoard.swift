import Synchronization

/// The kinds that the columns of one file are read as, known to all threads that read it.
final class KindBoard: Sendable {
  private let kinds: Mutex<[ColumnKind]>
  /// Columns whose texts get no codes while they are read.
  private let plainTexts = Mutex<Set<Int>>([])
  private let options: CSVOptions

  init(_ kinds: [ColumnKind], options: CSVOptions) {
    self.kinds = Mutex(kinds)
    self.options = options
  }

  /// The kinds as they are now.
  var current: [ColumnKind] { kinds.withLock { $0 } }

  /// Widens a column for a field that its kind does not fit, unless another thread has done so; gives the kind to go on with.
  func widen(_ column: Int, from kind: ColumnKind, for field: [UInt8]) -> ColumnKind {
    kinds.withLock { kinds in
      if kinds[column] == kind {
        kinds[column] = field.withUnsafeBufferPointer { kind.widened(for: $0, options: options) }
      }
      return kinds[column]
    }
  }

  /// From now on the texts of a column get no codes.
  func leavePlain(_ column: Int) { plainTexts.withLock { _ = $0.insert(column) } }

  /// The columns whose texts get no codes.
  var plain: Set<Int> { plainTexts.withLock { $0 } }
}
