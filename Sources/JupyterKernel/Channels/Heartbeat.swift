import ZeroMQ

/// Echoes whatever comes in, on a thread of its own, so that a busy kernel is known to be alive.
enum Heartbeat {
  /// Echoes until the context ends.
  static func run(_ socket: consuming Socket) {
    while true {
      do {
        if let frames = try socket.receive(wait: true) { try socket.send(frames) }
      } catch {
        return
      }
    }
  }
}
