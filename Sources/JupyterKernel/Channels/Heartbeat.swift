import Synchronization
import ZeroMQ

/// Echoes whatever comes in, on a thread of its own, so that a busy kernel is known to be alive.
///
/// The socket is a router, which has no state that a stranger's garbage could put out of step, as a reply socket has.
enum Heartbeat {
  /// Hands the socket to its thread, which echoes until the context ends.
  static func start(_ socket: consuming Socket) {
    let carrier = Carrier(socket)
    startThread("heartbeat") {
      guard let socket = carrier.take() else { return }
      while true {
        do throws(ZeroMQFailure) {
          if let frames = try socket.receive(wait: true) { try socket.send(frames) }
        } catch {
          if error.isContextEnd { return }
          // Whoever asked has gone; the next one waits for an answer.
        }
      }
    }
  }

  /// Carries the socket to the thread that will own it.
  private final class Carrier: Sendable {
    private let content: Mutex<Socket?>

    init(_ socket: consuming Socket) { content = Mutex(socket) }

    func take() -> Socket? { content.withLock { $0.take() } }
  }
}
