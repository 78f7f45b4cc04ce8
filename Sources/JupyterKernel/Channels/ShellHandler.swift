#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Answers one shell's requests, one after another, on the thread that runs its cells.
///
/// Every request is bracketed by busy and idle and is answered, whatever happens.
final class ShellHandler<Language: KernelLanguage> {
  private let language: Language
  private let shell: Shell
  private let outbox: Outbox
  private var executionCount = 0
  private var history = History()
  /// When the last cell failed: what was read before is not run. Nil when cells that wait may run.
  private var abortsBefore: Double?

  /// Microseconds that a failed cell's reply is held back. A frontend that runs a whole notebook sends its cells one by one,
  /// and the rest may still be under way when a short cell fails; whoever has read the reply is never aborted.
  private static var grace: UInt32 { 10_000 }
  /// Seconds after which the rest of a notebook has surely come.
  private static var longCell: Double { 0.1 }

  init(_ language: Language, shell: Shell, outbox: Outbox) {
    self.language = language
    self.shell = shell
    self.outbox = outbox
  }

  /// Answers one request.
  func handle(_ request: Message) {
    // An interrupt between two cells hits nothing; one that comes after busy hits this cell.
    shell.interruption.clear()
    outbox.publish("status", parent: request.rawHeader, ["execution_state": "busy"])
    defer { outbox.publish("status", parent: request.rawHeader, ["execution_state": "idle"]) }
    do throws(Message.Malformed) {
      try answer(request)
    } catch {
      log("\(request.header.type): \(error)")
      guard let type = request.replyType else { return }
      reply(request, type, failure("MalformedRequest", "\(error)"))
    }
  }

  private func reply(_ request: Message, _ type: String, _ content: JSON) {
    outbox.reply(.shell, to: request, type, content)
  }

  private func failure(_ name: String, _ message: String) -> JSON {
    .object(
      [("status", "error")] + ExecutionError(name: name, message: message, traceback: ["\(name): \(message)"]).json
        + [("execution_count", .int(executionCount))])
  }

  private func answer(_ request: Message) throws(Message.Malformed) {
    switch request.header.type {
    case "kernel_info_request": reply(request, "kernel_info_reply", kernelInfo(language.info))
    case "execute_request": try execute(request)
    case "complete_request": try complete(request)
    case "inspect_request": try inspect(request)
    case "is_complete_request": try isComplete(request)
    case "history_request":
      let asked = try request.decode(Contents.History.self)
      reply(request, "history_reply", ["status": "ok", "history": history.answer(asked)])
    case "comm_info_request": reply(request, "comm_info_reply", ["status": "ok", "comms": [:]])
    case "comm_open":
      // No comm target is known: the specification asks to close it at once.
      let comm = try request.decode(Contents.CommOpen.self)
      outbox.publish("comm_close", parent: request.rawHeader, ["comm_id": .string(comm.commId), "data": [:]])
    case "comm_msg", "comm_close": break
    case "connect_request": reply(request, "connect_reply", ["status": "ok"])
    default: log("unknown message \(request.header.type) on shell")
    }
  }

  private func execute(_ request: Message) throws(Message.Malformed) {
    let cell = try request.decode(Contents.Execute.self)
    if let failed = abortsBefore, request.received <= failed {
      reply(request, "execute_reply", ["status": "aborted", "execution_count": .int(executionCount)])
      return
    }
    abortsBefore = nil
    let silent = cell.silent ?? false
    let stores = cell.storeHistory ?? true && !silent
    if stores { executionCount += 1 }
    if !silent {
      outbox.publish(
        "execute_input", parent: request.rawHeader,
        ["code": .string(cell.code), "execution_count": .int(executionCount)])
    }
    let sink = CellSink(
      parent: request, outbox: outbox, inputDesk: shell.inputDesk, interruption: shell.interruption, silent: silent,
      allowsInput: cell.allowStdin ?? true,
      executionCount: executionCount)
    let begun = now()
    do throws(ExecutionError) {
      let page = language.page(cell.code)
      if page == nil { try language.execute(cell.code, sink: sink) }
      if stores { history.add(line: executionCount, input: language.kept(cell.code), output: nil) }
      let values = (cell.userExpressions ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, evaluate($0.value)) }
      reply(
        request, "execute_reply",
        [
          "status": "ok", "execution_count": .int(executionCount), "user_expressions": .object(values),
          "payload": .array(page.map { [["source": "page", "data": $0.json, "start": 0]] } ?? []),
        ])
    } catch {
      if stores { history.add(line: executionCount, input: language.kept(cell.code), output: nil) }
      if !silent { outbox.publish("error", parent: request.rawHeader, .object(error.json)) }
      if cell.stopOnError ?? true, !silent {
        if now() - begun < Self.longCell { usleep(Self.grace) }
        abortsBefore = now()
      }
      reply(
        request, "execute_reply",
        .object(
          [("status", "error"), ("execution_count", .int(executionCount))] + error.json
            + [("user_expressions", [:]), ("payload", [])]))
    }
  }

  private func evaluate(_ expression: String) -> JSON {
    do throws(ExecutionError) {
      let bundle = try language.evaluate(expression)
      return ["status": "ok", "data": bundle.json, "metadata": bundle.metadata]
    } catch {
      return .object([("status", "error")] + error.json)
    }
  }

  private func complete(_ request: Message) throws(Message.Malformed) {
    let asked = try request.decode(Contents.Complete.self)
    let cursor = CodePointOffset(asked.cursorPos ?? Int.max, in: asked.code)
    let found = language.complete(asked.code, cursor: cursor)
    let types = found.matches.map { match -> JSON in
      [
        "text": .string(match.text), "type": .string(match.type), "start": .int(found.start.value),
        "end": .int(found.end.value),
      ]
    }
    reply(
      request, "complete_reply",
      [
        "status": "ok", "matches": .array(found.matches.map { .string($0.text) }),
        "cursor_start": .int(found.start.value), "cursor_end": .int(found.end.value),
        "metadata": ["_jupyter_types_experimental": .array(types)],
      ])
  }

  private func inspect(_ request: Message) throws(Message.Malformed) {
    let asked = try request.decode(Contents.Inspect.self)
    let cursor = CodePointOffset(asked.cursorPos ?? Int.max, in: asked.code)
    let bundle = language.inspect(asked.code, cursor: cursor, detail: asked.detailLevel ?? 0)
    reply(
      request, "inspect_reply",
      [
        "status": "ok", "found": .bool(bundle != nil), "data": bundle?.json ?? [:], "metadata": bundle?.metadata ?? [:],
      ])
  }

  private func isComplete(_ request: Message) throws(Message.Malformed) {
    let asked = try request.decode(Contents.IsComplete.self)
    let content: JSON =
      switch language.completeness(asked.code) {
      case .complete: ["status": "complete"]
      case .incomplete(let indent): ["status": "incomplete", "indent": .string(indent)]
      case .invalid: ["status": "invalid"]
      case .unknown: ["status": "unknown"]
      }
    reply(request, "is_complete_reply", content)
  }
}

/// The content of `kernel_info_reply`.
func kernelInfo(_ info: LanguageInfo) -> JSON {
  [
    "status": "ok", "protocol_version": .string(protocolVersion), "implementation": .string(info.implementation),
    "implementation_version": .string(info.implementationVersion),
    "language_info": [
      "name": .string(info.name), "version": .string(info.version), "mimetype": .string(info.mimetype),
      "file_extension": .string(info.fileExtension), "pygments_lexer": .string(info.pygmentsLexer),
      "codemirror_mode": info.codeMirrorMode,
    ],
    "banner": .string(info.banner),
    "help_links": .array(info.helpLinks.map { ["text": .string($0.text), "url": .string($0.url)] }),
    "supported_features": ["kernel subshells"],
  ]
}
