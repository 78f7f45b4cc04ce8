/// One line of requests with the thread that answers them: the main shell or a subshell.
final class Shell: Sendable {
  let queue = ShellQueue()
  let inputDesk = InputDesk()
  let interruption = Interruption()

  /// Ends the running cell, also when it waits for a person.
  func interrupt() {
    interruption.raise()
    inputDesk.interrupt()
  }
}

/// The main shell and its subshells (JEP 91), which run beside it. All of them share the language.
///
/// See https://jupyter.org/enhancement-proposals/91-kernel-subshells/kernel-subshells.html
final class Shells<Language: KernelLanguage>: Sendable {
  /// Bytes reserved for the stack of a thread that runs cells; only what is used becomes memory.
  private static var stackSize: Int { 512 << 20 }

  private let language: Language
  private let outbox: Outbox
  private let shells: SubshellTable
  private let main = Shell()

  init(_ language: Language, outbox: Outbox) {
    self.language = language
    self.outbox = outbox
    shells = SubshellTable()
    if !start(main, "cells") { log("cells cannot run: no thread could be started") }
  }

  private func start(_ shell: Shell, _ name: String) -> Bool {
    startThread(name, stackSize: Self.stackSize) { [language, outbox] in
      let handler = ShellHandler(language, shell: shell, outbox: outbox)
      while let request = shell.queue.next() { handler.handle(request) }
    }
  }

  /// Hands a request to the shell that it names; false when there is none of that name.
  func append(_ request: Message) -> Bool {
    guard let id = request.header.subshellId else {
      main.queue.append(request)
      return true
    }
    guard let shell = shells[id] else { return false }
    shell.queue.append(request)
    return true
  }

  /// Ends all running cells.
  func interrupt() {
    main.interrupt()
    for shell in shells.all { shell.interrupt() }
  }

  /// Hands a person's line to the cell that asked for it; false when none did.
  func answer(_ line: String, parent: String?) -> Bool {
    if main.inputDesk.answer(line, parent: parent) { return true }
    return shells.all.contains { $0.inputDesk.answer(line, parent: parent) }
  }

  /// Whether any cell waits for a person.
  var isAsking: Bool { main.inputDesk.isWaiting || shells.all.contains { $0.inputDesk.isWaiting } }

  /// Opens a subshell; nil when the system has no thread left.
  func create() -> String? {
    let shell = Shell()
    guard start(shell, "subshell") else { return nil }
    return shells.add(shell)
  }

  /// Closes a subshell, after its last cell; false when there is none of that name.
  func delete(_ id: String) -> Bool {
    guard let shell = shells.remove(id) else { return false }
    shell.queue.close()
    return true
  }

  /// The open subshells, oldest first.
  var identifiers: [String] { shells.identifiers }
}
