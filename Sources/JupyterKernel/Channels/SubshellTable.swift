import Synchronization

/// The open subshells by name. The I/O thread changes it; the signal thread reads it.
final class SubshellTable: Sendable {
  private let entries = Mutex<[(id: String, shell: Shell)]>([])

  subscript(id: String) -> Shell? { entries.withLock { $0.first { $0.id == id }?.shell } }

  var all: [Shell] { entries.withLock { $0.map(\.shell) } }

  var identifiers: [String] { entries.withLock { $0.map(\.id) } }

  func add(_ shell: Shell) -> String {
    let id = randomID()
    entries.withLock { $0.append((id, shell)) }
    return id
  }

  func remove(_ id: String) -> Shell? {
    entries.withLock { entries in
      guard let place = entries.firstIndex(where: { $0.id == id }) else { return nil }
      return entries.remove(at: place).shell
    }
  }
}
