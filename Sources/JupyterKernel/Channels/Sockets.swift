import ZeroMQ

/// The sockets of the I/O thread.
struct Sockets: ~Copyable {
  let control: Socket
  let shell: Socket
  let stdin: Socket
  let iopub: Socket

  /// Listens on all four.
  init(_ context: Context, _ connection: ConnectionFile) throws {
    // All or none: a struct that owns sockets cannot be half made.
    let control = try connection.bind(context, .router, "control", connection.controlPort)
    let shell = try connection.bind(context, .router, "shell", connection.shellPort)
    let stdin = try connection.bind(context, .router, "stdin", connection.stdinPort)
    let iopub = try connection.bind(context, .publish, "iopub", connection.iopubPort)
    // A question for a frontend that has not dialled yet must not get lost: see `IOLoop`.
    try stdin.set(.routerMandatory, 1)
    self.control = control
    self.shell = shell
    self.stdin = stdin
    self.iopub = iopub
  }

  /// Sends a message's frames on a channel.
  borrowing func send(_ frames: [[UInt8]], on channel: Outbox.Channel) throws(ZeroMQFailure) {
    switch channel {
    case .iopub: try iopub.send(frames)
    case .shell: try shell.send(frames)
    case .control: try control.send(frames)
    case .stdin: try stdin.send(frames)
    }
  }
}

/// Why the kernel could not start.
public struct CannotBind: Error, CustomStringConvertible {
  /// The channel, its port and the reason.
  public let description: String
}

extension ConnectionFile {
  /// A socket that listens on a port, encrypted when the file has keys.
  func bind(_ context: Context, _ kind: Socket.Kind, _ channel: String, _ port: Int) throws -> Socket {
    let socket = try context.socket(kind)
    try socket.set(.linger, 1000)
    try socket.set(.sendHighWaterMark, 0)
    try socket.set(.receiveHighWaterMark, 0)
    if kind == .router { try socket.set(.routerHandover, 1) }
    if kind == .publish { try socket.set(.xpubVerbose, 1) }
    if let curvePublicKey, let curveSecretKey {
      try socket.set(.curveServer, 1)
      try socket.set(.curvePublicKey, curvePublicKey)
      try socket.set(.curveSecretKey, curveSecretKey)
    }
    do throws(ZeroMQFailure) {
      try socket.bind(endpoint(port))
    } catch {
      let reason = error.isAddressInUse ? "address in use" : error.reason
      throw CannotBind(description: "cannot bind \(channel) port \(port): \(reason)")
    }
    return socket
  }
}
