import ZeroMQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The I/O thread: it alone touches the sockets of shell, control, stdin and iopub, and it never runs user code.
struct IOLoop<Language: KernelLanguage>: ~Copyable {
  /// Milliseconds between two looks at the parent process, whose end is no event that a poll could see on every system.
  private static var parentWatch: Int { 500 }
  /// Milliseconds after which a question is tried again whose frontend has not dialled the stdin channel yet.
  private static var retryInterval: Int { 20 }
  /// Requests that are taken from one channel before the others are looked at.
  private static var turn: Int { 256 }

  private let sockets: Sockets
  private let bell: Bell
  private let outbox: Outbox
  private let shells: Shells<Language>
  private let signer: Signer
  private let session = randomID()
  private var control: ControlHandler<Language>
  private var poll = PollSet()
  private let places: (control: Int, shell: Int, stdin: Int, iopub: Int, bell: Int)
  private var replays = ReplayGuard()
  /// Questions that could not be delivered yet.
  private var undelivered: [[[UInt8]]] = []

  init(
    _ sockets: consuming Sockets, bell: Bell, outbox: Outbox, shells: Shells<Language>, info: LanguageInfo,
    signer: Signer
  ) {
    places = (
      poll.add(sockets.control), poll.add(sockets.shell), poll.add(sockets.stdin), poll.add(sockets.iopub),
      poll.add(descriptor: bell.descriptor)
    )
    self.sockets = sockets
    self.bell = bell
    self.outbox = outbox
    self.shells = shells
    self.signer = signer
    control = ControlHandler(info: info, outbox: outbox, shells: shells)
  }

  /// Sends and receives until it is told to stop or the parent process has ended.
  mutating func run() throws(ZeroMQFailure) {
    let parent = getppid()
    while getppid() == parent {
      // Sending first: a message may have been posted before the poll began.
      let (items, soon) = outbox.take()
      guard send(items) else { return }
      askAgain()
      let pause = undelivered.isEmpty ? Self.parentWatch : Self.retryInterval
      try poll.wait(milliseconds: min(soon ?? pause, pause))
      receive()
    }
  }

  /// False when the kernel is to end.
  private mutating func send(_ items: [Outbox.Item]) -> Bool {
    for item in items {
      guard case .message(let channel, let message) = item else { return false }
      let frames = message.frames(signer: signer, session: session)
      do throws(ZeroMQFailure) {
        try sockets.send(frames, on: channel)
      } catch {
        if channel == .stdin, error.isUnreachable {
          undelivered.append(frames)
        } else {
          log("cannot send \(message.type): \(error)")
        }
      }
    }
    return true
  }

  private mutating func askAgain() {
    if undelivered.isEmpty { return }
    // A question that nobody waits for any more would puzzle the person.
    if !shells.isAsking { undelivered = [] }
    undelivered.removeAll { frames in
      do throws(ZeroMQFailure) {
        try sockets.send(frames, on: .stdin)
        return true
      } catch {
        return !error.isUnreachable
      }
    }
  }

  private mutating func receive() {
    if poll.isReadable(places.bell) { bell.silence() }
    if poll.isReadable(places.control) {
      for _ in 0..<Self.turn {
        guard let message = next(.control) else { break }
        control.handle(message, on: .control)
      }
    }
    if poll.isReadable(places.stdin) {
      while let message = next(.stdin) { answerInput(message) }
    }
    if poll.isReadable(places.shell) {
      for _ in 0..<Self.turn {
        guard let message = next(.shell) else { break }
        handOn(message)
      }
    }
    if poll.isReadable(places.iopub) {
      while let frames = try? sockets.iopub.receive(wait: false) { welcome(frames) }
    }
  }

  /// The next good message that waits on a channel.
  private mutating func next(_ channel: Outbox.Channel) -> Message? {
    while true {
      do {
        let frames =
          switch channel {
          case .control: try sockets.control.receive(wait: false)
          case .stdin: try sockets.stdin.receive(wait: false)
          default: try sockets.shell.receive(wait: false)
          }
        guard let frames else { return nil }
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

  private mutating func handOn(_ message: Message) {
    // Deprecated on shell, but must work while a cell runs.
    if message.header.type == "shutdown_request" {
      control.handle(message, on: .shell)
    } else if !shells.append(message) {
      control.refuseSubshell(message)
    }
  }

  private func answerInput(_ message: Message) {
    guard message.header.type == "input_reply", let line = try? message.decode(Contents.InputReply.self) else {
      log("unknown message \(message.header.type) on stdin")
      return
    }
    if !shells.answer(line.value, parent: message.parentID) { log("dropped an input_reply that no cell waits for") }
  }

  /// A new subscriber is told that it is one (JEP 65), under its own topic.
  private func welcome(_ frames: [[UInt8]]) {
    guard let frame = frames.first, frame.first == 1 else { return }
    let topic = Array(frame.dropFirst())
    outbox.post(
      .message(
        .iopub,
        Outgoing(
          identities: [topic], type: "iopub_welcome", parent: nil,
          content: ["subscription": .string(String(decoding: topic, as: UTF8.self))])))
  }
}
