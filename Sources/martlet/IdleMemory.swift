import CScan
import Dispatch
import Synchronization

/// Gives the memory that cells leave behind back to the system, once no cell has run for a while: glibc keeps what was freed
/// for the next time, which for tables of millions of rows is more than a notebook needs while its reader thinks.
final class IdleMemory: Sendable {
  private static let pause = DispatchTimeInterval.seconds(1)
  /// How many cells have ended.
  private let cells = Mutex(0)

  /// Begins to wait anew.
  func cellEnded() {
    let mine = cells.withLock { cells in
      cells += 1
      return cells
    }
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + IdleMemory.pause) {
      if self.cells.withLock({ $0 }) == mine { martlet_room_trim() }
    }
  }
}
