import CZeroMQ

/// The sockets' common ground: libzmq's own threads live here. The corresponding C function is `zmq_ctx_new`.
public final class Context: @unchecked Sendable {
  // libzmq's contexts are thread safe by contract; the pointer never changes.
  let pointer: UnsafeMutableRawPointer

  /// Makes a context with one I/O thread.
  public init() throws(ZeroMQFailure) {
    guard let pointer = zmq_ctx_new() else { throw ZeroMQFailure("zmq_ctx_new") }
    self.pointer = pointer
    _ = zmq_ctx_set(pointer, ZMQ_MAX_SOCKETS, 64)
  }

  /// Makes a socket, to be used by one thread only.
  public func socket(_ kind: Socket.Kind) throws(ZeroMQFailure) -> Socket { try Socket(self, kind) }

  /// Ends the context; blocks until all sockets are closed and have lingered. The corresponding C function is `zmq_ctx_term`.
  public func terminate() { zmq_ctx_term(pointer) }
}
