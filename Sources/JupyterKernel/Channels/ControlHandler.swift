/// Answers the control channel on the I/O thread: nothing here takes long, so it works while a cell runs.
struct ControlHandler<Language: KernelLanguage> {
  let info: LanguageInfo
  let outbox: Outbox
  let shells: Shells<Language>
  private var usage = Usage()

  init(info: LanguageInfo, outbox: Outbox, shells: Shells<Language>) {
    self.info = info
    self.outbox = outbox
    self.shells = shells
  }

  /// Answers one request on the channel that it came in on.
  mutating func handle(_ request: Message, on channel: Outbox.Channel) {
    outbox.publish("status", parent: request.rawHeader, ["execution_state": "busy"])
    var stops = false
    defer {
      outbox.publish("status", parent: request.rawHeader, ["execution_state": "idle"])
      if stops { outbox.post(.stop) }
    }
    switch request.header.type {
    case "kernel_info_request": reply(channel, request, kernelInfo(info))
    case "interrupt_request":
      shells.interrupt()
      reply(channel, request, ["status": "ok"])
    case "shutdown_request":
      announceEnd(request, on: channel)
      stops = true
    case "usage_request": reply(channel, request, usage.content())
    case "connect_request": reply(channel, request, ["status": "ok"])
    case "create_subshell_request":
      guard let id = shells.create() else {
        return refuse(channel, request, "NoThread", "no thread could be started for a subshell")
      }
      reply(channel, request, ["status": "ok", "subshell_id": .string(id)])
    case "list_subshell_request":
      reply(channel, request, ["status": "ok", "subshell_id": .array(shells.identifiers.map(JSON.string))])
    case "delete_subshell_request":
      let id = (try? request.decode(Contents.Subshell.self).subshellId) ?? ""
      guard shells.delete(id) else {
        return refuse(channel, request, "UnknownSubshell", "there is no subshell \(id.prefix(80))")
      }
      reply(channel, request, ["status": "ok"])
    default:
      log("unknown message \(request.header.type) on control")
      guard request.replyType != nil else { return }
      refuse(channel, request, "NotSupported", "\(request.header.type.prefix(80)) is not supported")
    }
  }

  /// Answers a shell request that names a subshell which is not there.
  func refuseSubshell(_ request: Message) {
    outbox.publish("status", parent: request.rawHeader, ["execution_state": "busy"])
    defer { outbox.publish("status", parent: request.rawHeader, ["execution_state": "idle"]) }
    let id = request.header.subshellId ?? ""
    refuse(.shell, request, "UnknownSubshell", "there is no subshell \(id.prefix(80))")
  }

  private func announceEnd(_ request: Message, on channel: Outbox.Channel) {
    let restart = (try? request.decode(Contents.Shutdown.self).restart) ?? false
    shells.interrupt()
    let content: JSON = ["status": "ok", "restart": .bool(restart)]
    reply(channel, request, content)
    outbox.publish("shutdown_reply", parent: request.rawHeader, content)
  }

  private func reply(_ channel: Outbox.Channel, _ request: Message, _ content: JSON) {
    guard let type = request.replyType else { return }
    outbox.reply(channel, to: request, type, content)
  }

  private func refuse(_ channel: Outbox.Channel, _ request: Message, _ name: String, _ message: String) {
    let error = ExecutionError(name: name, message: message, traceback: ["\(name): \(message)"])
    reply(channel, request, .object([("status", "error")] + error.json + [("execution_count", 0)]))
  }
}
