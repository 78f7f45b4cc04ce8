import JupyterKernel
import ZeroMQ

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A frontend on real sockets, over files instead of ports so that tests can run side by side.
final class Frontend {
  /// A message from the kernel, with the few fields that tests look at.
  struct Received {
    var type: String
    var parent: String?
    var content: String
    /// The raw parent header.
    var parentHeader: String
  }

  private struct Header: Decodable {
    let msgId: String?
    let msgType: String?
  }

  private let signer = Signer(key: "secret")
  private let context: Context
  private let shell: Socket
  private let control: Socket
  private let stdin: Socket
  private let iopub: Socket
  private let heartbeat: Socket
  private var number = 0

  /// Starts a kernel on a thread of this process and connects to it.
  init() throws {
    var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
    _ = mkdtemp(&template)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let file = "\(folder)/connection.json"
    let json = """
      {"transport": "ipc", "ip": "\(folder)/k", "key": "secret", "signature_scheme": "hmac-sha256",
       "shell_port": 1, "control_port": 2, "iopub_port": 3, "stdin_port": 4, "hb_port": 5}
      """
    try Data(json.utf8).write(to: URL(fileURLWithPath: file))
    Self.start(Kernel(EchoLanguage(), connection: try ConnectionFile(path: file)))
    let context = try Context()
    func connect(_ kind: Socket.Kind, _ port: Int) throws -> Socket {
      let socket = try context.socket(kind)
      try socket.set(.linger, 0)
      try socket.set(.receiveTimeout, 5000)
      if kind == .dealer { try socket.set(.identity, "frontend") }
      if kind == .subscribe { try socket.set(.subscribe, "") }
      try socket.connect("ipc://\(folder)/k-\(port)")
      return socket
    }
    self.context = context
    shell = try connect(.dealer, 1)
    control = try connect(.dealer, 2)
    iopub = try connect(.subscribe, 3)
    stdin = try connect(.dealer, 4)
    heartbeat = try connect(.request, 5)
    // Outputs are seen from here on: the kernel has told that the subscription is known.
    while let message = try broadcast(), message.type != "iopub_welcome" {}
  }

  /// Runs the kernel beside the test.
  private static func start(_ kernel: Kernel<EchoLanguage>) {
    startThread("test kernel") { try? kernel.run() }
  }

  /// Sends a request; returns its identifier.
  @discardableResult
  func send(_ type: String, _ content: String = "{}", onControl: Bool = false, header: String? = nil) throws -> String {
    let (id, frames) = message(type, content, header: header)
    if onControl { try control.send(frames) } else { try shell.send(frames) }
    return id
  }

  /// Sends frames as they are.
  func sendRaw(_ frames: [[UInt8]]) throws { try shell.send(frames) }

  /// A signed message.
  func message(_ type: String, _ content: String, header: String? = nil) -> (id: String, frames: [[UInt8]]) {
    number += 1
    let id = "request-\(number)"
    let text =
      header ?? #"{"msg_id": "\#(id)", "msg_type": "\#(type)", "session": "s", "version": "5.5", "x": [1, null]}"#
    let parts = [text, "{}", "{}", content].map { Array($0.utf8) }
    return (id, [Array("<IDS|MSG>".utf8), signer.sign(parts[...])] + parts)
  }

  /// Runs a cell; returns what came on iopub from busy to idle, and the reply.
  func execute(_ code: String, extra: String = "") throws -> (outputs: [Received], reply: Received?) {
    let id = try send("execute_request", #"{"code": "\#(code)"\#(extra)}"#)
    return (try outputs(of: id), try reply())
  }

  /// The next reply on shell, or on control; nil after five seconds.
  func reply(onControl: Bool = false) throws -> Received? {
    decode(onControl ? try control.receive(wait: true) : try shell.receive(wait: true))
  }

  /// Everything on iopub that belongs to a request, up to idle.
  func outputs(of id: String) throws -> [Received] {
    var found: [Received] = []
    while let next = try broadcast() {
      guard next.parent == id else { continue }
      found.append(next)
      if next.type == "status", next.content.contains("idle") { break }
    }
    return found
  }

  /// Waits until a cell has begun to run.
  func waitForStart(of id: String) throws {
    while let next = try broadcast(), !(next.type == "execute_input" && next.parent == id) {}
  }

  /// The next message on iopub, whatever it belongs to.
  func broadcast() throws -> Received? { decode(try iopub.receive(wait: true)) }

  /// Answers the next input request with a line.
  func answerInput(_ line: String) throws -> Received? {
    let question = try question()
    try stdin.send(message("input_reply", #"{"value": "\#(line)"}"#).frames)
    return question
  }

  /// The next input request.
  func question() throws -> Received? { decode(try stdin.receive(wait: true)) }

  /// Sends bytes to the heartbeat; returns what came back.
  func beat(_ bytes: [UInt8]) throws -> [[UInt8]]? {
    try heartbeat.send([bytes])
    return try heartbeat.receive(wait: true)
  }

  private func decode(_ frames: [[UInt8]]?) -> Received? {
    guard let frames, let border = frames.firstIndex(of: Array("<IDS|MSG>".utf8)), frames.count >= border + 6,
      signer.verifies(frames[border + 1], of: frames[(border + 2)...(border + 5)])
    else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let header = try? decoder.decode(Header.self, from: Data(frames[border + 2]))
    let parent = try? decoder.decode(Header.self, from: Data(frames[border + 3]))
    return Received(
      type: header?.msgType ?? "", parent: parent?.msgId, content: String(decoding: frames[border + 5], as: UTF8.self),
      parentHeader: String(decoding: frames[border + 3], as: UTF8.self))
  }
}
