import Synchronization

/// A flag that an interrupt raises and that every loop over data looks at once a chunk.
public final class Cancellation: Sendable {
  private let raised = Atomic<Bool>(false)

  /// A flag that is down.
  public init() {}

  /// Raises the flag; any thread, also a signal handler's, may do it.
  public func cancel() { raised.store(true, ordering: .relaxed) }

  /// Lowers the flag before the next cell.
  public func reset() { raised.store(false, ordering: .relaxed) }

  /// Whether the flag is up.
  public var isCancelled: Bool { raised.load(ordering: .relaxed) }

  /// Throws `Cancelled` when the flag is up.
  public func check() throws(Cancelled) { if isCancelled { throw Cancelled() } }
}

/// The cell was interrupted. Nothing is wrong with it and nothing was changed.
public struct Cancelled: Error, Hashable {
  /// The error that a raised flag throws.
  public init() {}
}
