import Synchronization

/// The texts of a column as a reader found them. They get codes when somebody first asks for such.
///
/// Where hardly any text comes twice, and in no order, giving codes to all of them is most of the work of loading a file;
/// tickets, notes and addresses are often loaded only to be shown.
public final class PlainTexts: Sendable {
  private enum State {
    case plain(TextRows)
    case coded(PackedValues)
  }

  private let state: Mutex<State>
  /// The number of rows.
  public let count: Int

  /// Takes rows that nobody adds to any more.
  init(_ rows: TextRows) {
    count = rows.count
    state = Mutex(.plain(rows))
  }

  /// Whether the texts have codes by now.
  public var isCoded: Bool { state.withLock { if case .coded = $0 { true } else { false } } }

  /// The text of a row.
  func text(_ row: Int) -> String {
    let now = state.withLock { $0 }
    switch now {
    case .plain(let rows): return rows[row]
    case .coded(let packed): if case .text(let text) = packed.value(row) { return text } else { return "" }
    }
  }

  /// The codes, made now when nobody has asked before.
  var codes: PackedValues {
    state.withLock { state in
      switch state {
      case .coded(let packed): return packed
      case .plain(let rows):
        let packed = TextCoding.codes(rows)
        state = .coded(packed)
        return packed
      }
    }
  }

  /// Makes the codes, unless the flag is raised meanwhile: then nothing has changed.
  func code(_ cancellation: Cancellation) throws(Cancelled) {
    // What another thread makes is waited for.
    let wasCancelled = state.withLock { state in
      guard case .plain(let rows) = state else { return false }
      guard let packed = TextCoding.codes(rows, cancellation) else { return true }
      state = .coded(packed)
      return false
    }
    if wasCancelled { throw Cancelled() }
  }
}
