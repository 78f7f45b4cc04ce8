import Dispatch
import Synchronization
import ZeroMQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A running kernel: the sockets, the I/O thread that owns them, and the threads around it.
///
/// | thread | does |
/// |---|---|
/// | I/O (the caller's) | owns shell, control, stdin and iopub; answers control; hands shell requests on; sends everything |
/// | cells | runs shell requests one after another, on a large stack |
/// | subshell | the same for each subshell that a frontend has opened |
/// | heartbeat | echoes |
/// | signals | waits for SIGINT and SIGTERM |
public struct Kernel<Language: KernelLanguage>: Sendable {
  private let language: Language
  private let connection: ConnectionFile
  private let signer: Signer
  private let session = randomID()

  /// A kernel that will listen where the connection file says.
  public init(_ language: Language, connection: ConnectionFile) {
    self.language = language
    self.connection = connection
    signer = Signer(key: connection.key ?? "")
  }

  /// Why the kernel could not start.
  public struct CannotBind: Error, CustomStringConvertible {
    /// The channel, its port and the reason.
    public let description: String
  }

  /// Listens and answers until it is told to shut down or its parent has ended.
  public func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let signals = blockSignals()
    let context = try Context()
    try serve(context, signals)
    // The last replies are still on their way: this waits until they are out, at most as long as the sockets linger.
    context.terminate()
  }

  private func serve(_ context: Context, _ signals: SignalSet) throws {
    let heartbeat = try bind(context, .reply, "hb", connection.heartbeatPort)
    let control = try bind(context, .router, "control", connection.controlPort)
    let shell = try bind(context, .router, "shell", connection.shellPort)
    let stdin = try bind(context, .router, "stdin", connection.stdinPort)
    let iopub = try bind(context, .publish, "iopub", connection.iopubPort)

    let bell = Bell()
    let outbox = Outbox(bell: bell)
    let shells = Shells(language, outbox: outbox)
    startHeartbeat(heartbeat)
    startThread("signals") {
      while true {
        if signals.wait() == SIGINT { shells.interrupt() } else { outbox.post(.stop) }
      }
    }
    outbox.publish("status", parent: nil, ["execution_state": "starting"])
    var controlHandler = ControlHandler(info: language.info, outbox: outbox, shells: shells)

    let parentProcess = getppid()
    var poll = PollSet()
    let places = (
      control: poll.add(control), shell: poll.add(shell), stdin: poll.add(stdin), iopub: poll.add(iopub),
      bell: poll.add(descriptor: bell.descriptor)
    )
    var replays = ReplayGuard()
    var isRunning = true
    while isRunning {
      // Sending first: a message may have been posted before the poll began.
      let (items, soon) = outbox.take()
      for item in items {
        switch item {
        case .stop: isRunning = false
        case .message(let channel, let message):
          let frames = message.frames(signer: signer, session: session)
          do {
            switch channel {
            case .iopub: try iopub.send(frames)
            case .shell: try shell.send(frames)
            case .control: try control.send(frames)
            case .stdin: try stdin.send(frames)
            }
          } catch {
            log("cannot send \(message.type): \(error)")
          }
        }
      }
      if !isRunning { break }
      try poll.wait(milliseconds: soon ?? 500)
      if poll.isReadable(places.bell) { bell.silence() }
      if poll.isReadable(places.control) {
        while let message = receive(control, &replays) { controlHandler.handle(message, on: .control) }
      }
      if poll.isReadable(places.stdin) {
        while let message = receive(stdin, &replays) { answerInput(message, shells) }
      }
      if poll.isReadable(places.shell) {
        while let message = receive(shell, &replays) {
          // Deprecated on shell, but must work while a cell runs.
          if message.header.type == "shutdown_request" {
            controlHandler.handle(message, on: .shell)
          } else if !shells.append(message) {
            controlHandler.refuseSubshell(message)
          }
        }
      }
      if poll.isReadable(places.iopub) {
        while let frames = try? iopub.receive(wait: false) { welcome(frames, outbox) }
      }
      // The parent's end is no event that a poll could see on every system.
      if getppid() != parentProcess { isRunning = false }
    }
  }

  private func answerInput(_ message: Message, _ shells: Shells<Language>) {
    guard message.header.type == "input_reply", let line = try? message.decode(Contents.InputReply.self) else {
      log("unknown message \(message.header.type) on stdin")
      return
    }
    if !shells.answer(line.value, parent: message.parentID) { log("dropped an input_reply that no cell waits for") }
  }

  /// A new subscriber is told that it is one (JEP 65), under its own topic.
  private func welcome(_ frames: [[UInt8]], _ outbox: Outbox) {
    guard let frame = frames.first, frame.first == 1 else { return }
    let topic = Array(frame.dropFirst())
    outbox.post(
      .message(
        .iopub,
        Outgoing(
          identities: [topic], type: "iopub_welcome", parent: nil,
          content: ["subscription": .string(String(decoding: topic, as: UTF8.self))])))
  }

  private func receive(_ socket: borrowing Socket, _ replays: inout ReplayGuard) -> Message? {
    while true {
      do {
        guard let frames = try socket.receive(wait: false) else { return nil }
        let message = try Message(frames, signer: signer)
        if replays.isNew(message.signature) { return message }
        log("dropped a message that came twice")
      } catch let error as Message.Malformed {
        log("dropped a message: \(error)")
      } catch {
        log("cannot receive: \(error)")
        return nil
      }
    }
  }

  private func bind(_ context: Context, _ kind: Socket.Kind, _ channel: String, _ port: Int) throws -> Socket {
    let socket = try context.socket(kind)
    try socket.set(.linger, 1000)
    try socket.set(.sendHighWaterMark, 0)
    try socket.set(.receiveHighWaterMark, 0)
    if kind == .router { try socket.set(.routerHandover, 1) }
    if kind == .publish { try socket.set(.xpubVerbose, 1) }
    if let publicKey = connection.curvePublicKey, let secretKey = connection.curveSecretKey {
      try socket.set(.curveServer, 1)
      try socket.set(.curvePublicKey, publicKey)
      try socket.set(.curveSecretKey, secretKey)
    }
    do throws(ZeroMQFailure) {
      try socket.bind(connection.endpoint(port))
    } catch {
      throw CannotBind(description: "cannot bind \(channel) port \(port): \(error.reason)")
    }
    return socket
  }
}

/// The signals that end a cell or the kernel, taken from all threads and given to the one that waits.
struct SignalSet: @unchecked Sendable {
  private var set = sigset_t()

  init(_ signals: [Int32]) {
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
  }

  func block() {
    var copy = set
    pthread_sigmask(SIG_BLOCK, &copy, nil)
  }

  /// Waits for one of the signals.
  func wait() -> Int32 {
    var copy = set
    var signal: Int32 = 0
    sigwait(&copy, &signal)
    return signal
  }
}

/// Blocks SIGINT and SIGTERM in this thread and in all that it starts.
func blockSignals() -> SignalSet {
  let signals = SignalSet([SIGINT, SIGTERM])
  signals.block()
  return signals
}

/// Hands the socket to the heartbeat's thread.
private func startHeartbeat(_ socket: consuming Socket) {
  let box = SocketBox(socket)
  startThread("heartbeat") {
    if let socket = box.take() { Heartbeat.run(socket) }
  }
}

/// Carries a socket to the thread that will own it.
private final class SocketBox: Sendable {
  private let content: Mutex<Socket?>

  init(_ socket: consuming Socket) { content = Mutex(socket) }

  func take() -> Socket? { content.withLock { $0.take() } }
}
