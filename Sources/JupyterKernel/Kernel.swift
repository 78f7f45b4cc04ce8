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
///
/// The queues between them have no limit, so that no thread ever waits for another.
public struct Kernel<Language: KernelLanguage>: Sendable {
  private let language: Language
  private let connection: ConnectionFile

  /// A kernel that will listen where the connection file says.
  public init(_ language: Language, connection: ConnectionFile) {
    self.language = language
    self.connection = connection
  }

  /// Listens and answers until it is told to shut down or its parent has ended.
  public func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let signals = SignalSet([SIGINT, SIGTERM])
    signals.block()
    let context = try Context()
    // Frontends dial again only after a while: they should find the ports at once, and the rest soon after.
    let heartbeat = try connection.bind(context, .router, "hb", connection.heartbeatPort)
    try serve(try Sockets(context, connection), heartbeat, signals)
    // The last replies are still on their way: this waits until they are out, at most as long as the sockets linger.
    context.terminate()
  }

  private func serve(_ sockets: consuming Sockets, _ heartbeat: consuming Socket, _ signals: SignalSet) throws {
    Heartbeat.start(heartbeat)
    let bell = Bell()
    let outbox = Outbox(bell: bell)
    let shells = Shells(language, outbox: outbox)
    startThread("signals") {
      while true {
        if signals.wait() == SIGINT { shells.interrupt() } else { outbox.post(.stop) }
      }
    }
    outbox.publish("status", parent: nil, ["execution_state": "starting"])
    var loop = IOLoop(
      sockets, bell: bell, outbox: outbox, shells: shells, info: language.info,
      signer: Signer(key: connection.key ?? ""))
    try loop.run()
  }
}
