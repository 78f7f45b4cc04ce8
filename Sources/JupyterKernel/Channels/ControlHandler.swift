#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Answers the control channel on the I/O thread: nothing here takes long, so it works while a cell runs.
struct ControlHandler {
  let info: LanguageInfo
  let outbox: Outbox
  let interrupt: @Sendable () -> Void

  /// Answers one request on the channel that it came in on.
  func handle(_ request: Message, on channel: Outbox.Channel) {
    outbox.publish("status", parent: request.rawHeader, ["execution_state": "busy"])
    defer { outbox.publish("status", parent: request.rawHeader, ["execution_state": "idle"]) }
    switch request.header.type {
    case "kernel_info_request": outbox.reply(channel, to: request, "kernel_info_reply", kernelInfo(info))
    case "interrupt_request":
      interrupt()
      outbox.reply(channel, to: request, "interrupt_reply", ["status": "ok"])
    case "shutdown_request":
      let restart = (try? request.decode(Contents.Shutdown.self).restart) ?? false
      interrupt()
      let content: JSON = ["status": "ok", "restart": .bool(restart)]
      outbox.reply(channel, to: request, "shutdown_reply", content)
      outbox.publish("shutdown_reply", parent: request.rawHeader, content)
      outbox.publish("status", parent: request.rawHeader, ["execution_state": "idle"])
      outbox.post(.stop)
    case "usage_request": outbox.reply(channel, to: request, "usage_reply", usage())
    case "connect_request": outbox.reply(channel, to: request, "connect_reply", ["status": "ok"])
    default:
      log("unknown message \(request.header.type) on control")
      guard request.header.type.hasSuffix("_request") else { return }
      let message = "\(request.header.type) is not supported"
      let type = request.header.type.dropLast("_request".count) + "_reply"
      outbox.reply(
        channel, to: request, String(type),
        .object(
          [("status", "error")]
            + ExecutionError(name: "NotSupported", message: message, traceback: [message]).json))
    }
  }

  private func usage() -> JSON {
    return ["status": "ok", "pid": .int(Int(getpid())), "kernel_memory": .int(residentBytes())]
  }

  private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
      separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
