import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A connection to a server of PostgreSQL that waits for nothing longer than the cell may be interrupted.
final class PostgresConnection {
  /// The address without its password.
  let shown: String
  private let secrets: [String]
  private let library: PostgresLibrary
  private let cancellation: Cancellation
  private let handle: OpaquePointer

  /// Seconds until a server that does not answer is given up.
  private static let connectSeconds = 10.0
  /// Milliseconds between two looks at the cell's interruption.
  private static let look: Int32 = 10

  /// Connects. Throws `SourceError` in the server's words, or `Cancelled`.
  init(_ address: String, _ cancellation: Cancellation) throws {
    shown = SourceAddress.redacted(address)
    secrets = SourceAddress.secrets(of: address)
    self.cancellation = cancellation
    if let mistake = PostgresAddress.mistake(address) {
      throw SourceError.database(path: shown, why: mistake.why, advice: mistake.advice)
    }
    guard let library = PostgresLibrary.shared else {
      throw SourceError.missingLibrary(path: shown, library: "libpq", debian: "libpq5", homebrew: "libpq")
    }
    self.library = library
    let settings = [
      ("dbname", address), ("client_encoding", "UTF8"), ("fallback_application_name", "martlet"),
    ]
    let texts = CTexts(settings.map(\.0)), values = CTexts(settings.map(\.1))
    guard let handle = library.connectStart(texts.base, values.base, 1) else {
      throw SourceError.database(path: shown, why: "there is no memory for a connection", advice: nil)
    }
    self.handle = handle
    do {
      try connect()
    } catch {
      library.finish(handle)
      isOpen = false
      throw error
    }
    _ = library.setNoticeProcessor(handle, { _, _ in }, nil)
  }

  private var isOpen = true

  deinit { if isOpen { library.finish(handle) } }

  private func connect() throws {
    let began = ContinuousClock.now
    // CONNECTION_BAD
    if library.status(handle) == 1 { throw failure() }
    // PGRES_POLLING_WRITING
    var state: Int32 = 2
    while true {
      switch state {
      case 3: return
      case 0: throw failure()
      default: break
      }
      let isReady = wait(for: state == 1 ? Int16(POLLIN) : Int16(POLLOUT))
      try cancellation.check()
      if (ContinuousClock.now - began) / .seconds(1) > PostgresConnection.connectSeconds {
        throw SourceError.database(
          path: shown, why: "the server does not answer", advice: "is the host right, and may it be reached from here?")
      }
      if isReady { state = library.connectPoll(handle) }
    }
  }

  /// Waits a moment until the socket can be read or written; false when it cannot yet.
  private func wait(for events: Int16) -> Bool {
    var entry = pollfd(fd: library.socket(handle), events: events, revents: 0)
    return poll(&entry, 1, PostgresConnection.look) > 0
  }

  /// The name of the database.
  var database: String { library.database(handle).map { String(cString: $0) } ?? "" }

  /// The server's version.
  var version: String { library.parameter(handle, "server_version").map { String(cString: $0) } ?? "" }

  // MARK: Questions

  /// Runs statements whose answer is of no interest.
  func run(_ statements: String) throws {
    guard library.sendQuery(handle, statements) == 1 else { throw failure() }
    _ = try results { _ in () }
  }

  /// The answer to a question as texts.
  func texts(_ question: String) throws -> [[String]] {
    guard library.sendQuery(handle, question) == 1 else { throw failure() }
    return try results { result in
      (0..<library.rows(result)).map { row in
        (0..<library.fields(result)).map { library.value(result, row, $0).map { String(cString: $0) } ?? "" }
      }
    }.last ?? []
  }

  /// A column that a query will give.
  struct Described {
    var name: String
    var type: UInt32
    var modifier: Int32
  }

  /// The columns that a query will give, without running it. Throws when it is not one statement.
  func describe(_ query: String) throws -> [Described] {
    guard library.sendPrepare(handle, "", query, 0, nil) == 1 else { throw failure() }
    _ = try results { _ in () }
    guard library.sendDescribe(handle, "") == 1 else { throw failure() }
    return try results { result in
      (0..<library.fields(result)).map { field in
        Described(
          name: library.fieldName(result, field).map { String(cString: $0) } ?? "",
          type: library.fieldType(result, field), modifier: library.fieldModifier(result, field))
      }
    }.last ?? []
  }

  private func results<T>(_ take: (OpaquePointer) throws -> T) throws -> [T] {
    var taken: [T] = []
    while true {
      try awaitInput()
      guard let result = library.result(handle) else { return taken }
      defer { library.clear(result) }
      switch library.resultStatus(result) {
      // An empty query, a finished command, rows.
      case 0, 1, 2: taken.append(try take(result))
      // A copy begins: its rows come next.
      case 3: return taken
      default: throw failure(result)
      }
    }
  }

  private func awaitInput() throws {
    while library.isBusy(handle) == 1 {
      try checkOrCancel()
      if wait(for: Int16(POLLIN)), library.consumeInput(handle) == 0 { throw failure() }
    }
  }

  /// Runs a `COPY … TO STDOUT`, and hands over its bytes piece by piece.
  func copy(_ statement: String, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard library.sendQuery(handle, statement) == 1 else { throw failure() }
    _ = try results { _ in () }
    var piece: UnsafeMutablePointer<CChar>?
    while true {
      try checkOrCancel()
      let count = library.copyData(handle, &piece, 1)
      switch count {
      case 1...:
        defer { library.free(piece) }
        try take(UnsafeRawBufferPointer(start: piece, count: Int(count)))
      case 0: if wait(for: Int16(POLLIN)), library.consumeInput(handle) == 0 { throw failure() }
      case -1:
        _ = try results { _ in () }
        return
      default: throw failure()
      }
    }
  }

  // MARK: Ends

  /// Throws `Cancelled` when the cell is interrupted, and asks the server to stop.
  private func checkOrCancel() throws {
    guard cancellation.isCancelled else { return }
    stop()
    throw Cancelled()
  }

  /// Asks the server to stop what it does. A server that cannot be reached must not keep the cell waiting.
  private func stop() {
    guard let cancel = library.makeCancel(handle) else { return }
    let request = CancelRequest(library: library, cancel: cancel)
    let isDone = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      request.send()
      isDone.signal()
    }
    _ = isDone.wait(timeout: .now() + .milliseconds(25))
  }

  private struct CancelRequest: @unchecked Sendable {
    let library: PostgresLibrary
    // libpq allows it to be used from any thread.
    let cancel: OpaquePointer

    func send() {
      var words = [CChar](repeating: 0, count: 256)
      _ = library.cancel(cancel, &words, Int32(words.count))
      library.freeCancel(cancel)
    }
  }

  /// What went wrong, in the server's words.
  private func failure(_ result: OpaquePointer? = nil) -> any Error {
    if cancellation.isCancelled { return Cancelled() }
    func field(_ code: Character) -> String? {
      guard let result, let ascii = code.asciiValue else { return nil }
      return library.resultError(result, Int32(ascii)).map { String(cString: $0) }
    }
    let words = field("M") ?? library.errorMessage(handle).map { String(cString: $0) } ?? "the connection is lost"
    let line = words.split(whereSeparator: \.isNewline).map { String($0.drop { $0 == " " || $0 == "\t" }) }
      .joined(separator: "; ")
    var advice = field("H")
    if line.contains("password") { advice = advice ?? "a password may also come from PGPASSWORD or ~/.pgpass" }
    return SourceError.database(
      path: shown, why: SourceAddress.redacted(line, without: secrets),
      advice: advice.map { SourceAddress.redacted($0, without: secrets) })
  }
}

/// Texts as C has them, with a null behind the last.
private final class CTexts {
  let base: UnsafePointer<UnsafePointer<CChar>?>
  private let room: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    room = .allocate(capacity: texts.count + 1)
    for (place, text) in texts.enumerated() { (room + place).initialize(to: UnsafePointer(strdup(text))) }
    (room + texts.count).initialize(to: nil)
    base = UnsafePointer(room)
  }

  deinit {
    for place in 0..<count { free(UnsafeMutableRawPointer(mutating: room[place])) }
    room.deallocate()
  }
}

/// Mistakes in addresses whose messages would otherwise name a part of the password.
enum PostgresAddress {
  /// What is wrong with an address; nil when it is for the library to judge.
  static func mistake(_ address: String) -> (why: String, advice: String)? {
    guard let slash = address.firstIndex(of: "/") else { return nil }
    let rest = address[slash...].dropFirst(2).prefix { $0 != "?" }
    let authority = rest.prefix { $0 != "/" }
    let behind = rest.dropFirst(authority.count)
    let signs = authority.count { $0 == "@" }
    let advice =
      "in an address / is written %2F, @ %40, : %3A and ? %3F; or leave the password to PGPASSWORD or ~/.pgpass"
    if signs > 1 || (signs == 0 && authority.contains(":") && behind.contains("@")) {
      return ("its password has signs that mean something else in an address", advice)
    }
    if signs == 0, !SourceAddress.secrets(of: String(address.prefix { $0 != "?" })).isEmpty {
      return ("its port is not a number, or there is no @ between the password and the host", advice)
    }
    return nil
  }
}
