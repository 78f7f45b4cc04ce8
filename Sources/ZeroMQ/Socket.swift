import CZeroMQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One libzmq socket. Noncopyable: it has one owner, which is the one thread that may touch it.
///
/// It may move to another thread, whole: libzmq allows that when the threads synchronise on the way.
public struct Socket: ~Copyable, @unchecked Sendable {
  /// The socket types that a kernel and its test client need.
  public enum Kind: Sendable {
    case router, dealer, reply, request, publish, subscribe

    var code: Int32 {
      switch self {
      case .router: ZMQ_ROUTER
      case .dealer: ZMQ_DEALER
      case .reply: ZMQ_REP
      case .request: ZMQ_REQ
      case .publish: ZMQ_XPUB
      case .subscribe: ZMQ_SUB
      }
    }
  }

  let pointer: UnsafeMutableRawPointer
  // A context must outlive its sockets.
  private let context: Context

  init(_ context: Context, _ kind: Kind) throws(ZeroMQFailure) {
    guard let pointer = zmq_socket(context.pointer, kind.code) else { throw ZeroMQFailure("zmq_socket") }
    self.pointer = pointer
    self.context = context
  }

  deinit { zmq_close(pointer) }

  /// Listens at an endpoint, such as `tcp://127.0.0.1:5555`. The corresponding C function is `zmq_bind`.
  public borrowing func bind(_ endpoint: String) throws(ZeroMQFailure) {
    if zmq_bind(pointer, endpoint) != 0 { throw ZeroMQFailure("zmq_bind") }
  }

  /// Connects to an endpoint. The corresponding C function is `zmq_connect`.
  public borrowing func connect(_ endpoint: String) throws(ZeroMQFailure) {
    if zmq_connect(pointer, endpoint) != 0 { throw ZeroMQFailure("zmq_connect") }
  }

  /// The endpoint that was bound last, with the port that the system chose for `*`.
  public borrowing func lastEndpoint() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    var length = buffer.count
    guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &buffer, &length) == 0, length > 0 else { return "" }
    return String(decoding: buffer.prefix(length - 1).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Sets an option that holds a number. The corresponding C function is `zmq_setsockopt`.
  public borrowing func set(_ option: Option, _ value: Int32) throws(ZeroMQFailure) {
    var value = value
    if zmq_setsockopt(pointer, option.code, &value, MemoryLayout<Int32>.size) != 0 {
      throw ZeroMQFailure("zmq_setsockopt")
    }
  }

  /// Sets an option that holds a text. The corresponding C function is `zmq_setsockopt`.
  public borrowing func set(_ option: Option, _ text: String) throws(ZeroMQFailure) {
    if zmq_setsockopt(pointer, option.code, text, text.utf8.count) != 0 { throw ZeroMQFailure("zmq_setsockopt") }
  }

  /// The options that a kernel and its test client need.
  public enum Option: Sendable {
    /// Milliseconds to go on sending after the socket is closed.
    case linger
    /// How many messages wait to be sent to a slow peer; 0 is no limit.
    case sendHighWaterMark
    /// How many received messages wait to be read; 0 is no limit.
    case receiveHighWaterMark
    /// Report every subscription to an XPUB socket, also of a topic that another client has already.
    case xpubVerbose
    /// Let a peer that reconnects with the same identity take over from its old connection.
    case routerHandover
    /// Refuse to send to a peer that is not connected, instead of dropping the message.
    case routerMandatory
    case subscribe
    case identity
    case receiveTimeout
    case curveServer, curvePublicKey, curveSecretKey

    var code: Int32 {
      switch self {
      case .linger: ZMQ_LINGER
      case .sendHighWaterMark: ZMQ_SNDHWM
      case .receiveHighWaterMark: ZMQ_RCVHWM
      case .xpubVerbose: ZMQ_XPUB_VERBOSE
      case .routerHandover: ZMQ_ROUTER_HANDOVER
      case .routerMandatory: ZMQ_ROUTER_MANDATORY
      case .subscribe: ZMQ_SUBSCRIBE
      case .identity: ZMQ_IDENTITY
      case .receiveTimeout: ZMQ_RCVTIMEO
      case .curveServer: ZMQ_CURVE_SERVER
      case .curvePublicKey: ZMQ_CURVE_PUBLICKEY
      case .curveSecretKey: ZMQ_CURVE_SECRETKEY
      }
    }
  }

  /// Sends all frames as one message. The corresponding C function is `zmq_send`.
  public borrowing func send(_ frames: [[UInt8]]) throws(ZeroMQFailure) {
    for (index, frame) in frames.enumerated() {
      let more = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      while zmq_send(pointer, frame, frame.count, more) < 0 {
        if zmq_errno() != EINTR { throw ZeroMQFailure("zmq_send") }
      }
    }
  }

  /// The next message's frames, or nil when none is waiting. The corresponding C function is `zmq_msg_recv`.
  public borrowing func receive(wait: Bool) throws(ZeroMQFailure) -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      // All frames of a message arrive together: only the first one can be waited for.
      let length = zmq_msg_recv(&message, pointer, wait || !frames.isEmpty ? 0 : ZMQ_DONTWAIT)
      if length < 0 {
        let failure = ZeroMQFailure("zmq_msg_recv")
        if failure.code == EINTR { continue }
        if failure.code == EAGAIN { return nil }
        throw failure
      }
      let bytes = UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: Int(length))
      frames.append([UInt8](bytes))
      if zmq_msg_more(&message) == 0 { return frames }
    }
  }
}
