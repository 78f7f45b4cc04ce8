import CSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A database file of SQLite, opened to be read and nothing else.
final class SQLiteConnection {
  private let path: String
  private let cancellation: Cancellation
  private var handle: OpaquePointer?

  /// Instructions of SQLite's machine between two looks at the cell's interruption: well below a millisecond.
  private static let instructionsPerLook: Int32 = 10_000
  /// Milliseconds for which a writer is waited for.
  private static let patience: Int32 = 5_000

  /// Whether a database keeps a write-ahead log: its header's version numbers for writing and reading are 2 then.
  private static func hasLog(_ path: String) -> Bool {
    guard let head = try? FileBytes.open(path).bytes(0..<20), head.count == 20 else { return false }
    return head[18] == 2 && head[19] == 2
  }

  /// A path as an address, in which only letters, digits and a few signs stand for themselves.
  private static func address(_ path: String) -> String {
    let plain = Set("/-._~".utf8)
    let letters = path.utf8.map { byte -> String in
      let isPlain = plain.contains(byte) || (byte < 0x80 && Character(UnicodeScalar(byte)).isLetter)
      if isPlain || (0x30...0x39).contains(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }
    return "file:" + letters.joined()
  }

  /// Opens a file. Throws `SourceError` when it is no database.
  init(_ path: String, _ cancellation: Cancellation) throws {
    self.path = path
    self.cancellation = cancellation
    // Some beginnings of names mean something else to SQLite.
    let name = path.hasPrefix("/") ? path : "./" + path
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
    // Looking into a file with a write-ahead log would leave the log's files behind where nobody has them open.
    let isAtRest = SQLiteConnection.hasLog(path) && access(path + "-wal", F_OK) != 0
    let status =
      isAtRest
      ? sqlite3_open_v2(SQLiteConnection.address(name) + "?immutable=1", &handle, flags | SQLITE_OPEN_URI, nil)
      : sqlite3_open_v2(name, &handle, flags, nil)
    guard status == SQLITE_OK else {
      defer { sqlite3_close_v2(handle) }
      throw failure(status)
    }
    // Nothing but this file may be touched, whatever the query or a view in the file says.
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    for setting in ["trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"] {
      sqlite3_exec(handle, "PRAGMA \(setting)", nil, nil, nil)
    }
    sqlite3_set_authorizer(handle, SQLiteConnection.mayRead, nil)
    let flag = Unmanaged.passUnretained(cancellation).toOpaque()
    sqlite3_progress_handler(handle, SQLiteConnection.instructionsPerLook, SQLiteConnection.isRaised, flag)
    sqlite3_busy_handler(handle, SQLiteConnection.waitsOn, flag)
  }

  deinit { sqlite3_close_v2(handle) }

  private static let mayRead:
    @convention(c) (
      UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
      UnsafePointer<CChar>?
    ) -> Int32 = { _, action, name, _, _, _ in
      switch action {
      case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: return SQLITE_OK
      // Full-text tables ask whether the file has changed.
      case SQLITE_PRAGMA: return name.map { strcmp($0, "data_version") } == 0 ? SQLITE_OK : SQLITE_DENY
      default: return SQLITE_DENY
      }
    }

  private static let isRaised: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { flag in
    guard let flag else { return 0 }
    return Unmanaged<Cancellation>.fromOpaque(flag).takeUnretainedValue().isCancelled ? 1 : 0
  }

  private static let waitsOn: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { flag, times in
    let pause: Int32 = 10
    if isRaised(flag) != 0 || times > patience / pause { return 0 }
    usleep(UInt32(pause) * 1000)
    return 1
  }

  /// A statement that has been prepared. Throws when it is not one statement, or one that does more than read.
  func statement(_ query: String) throws -> SQLiteStatement {
    var prepared: OpaquePointer?
    var text = query
    let (status, rest) = text.withUTF8 { bytes -> (Int32, [UInt8]) in
      let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      var tail: UnsafePointer<CChar>?
      let status = sqlite3_prepare_v2(handle, start, Int32(clamping: bytes.count), &prepared, &tail)
      let read = start.flatMap { start in tail.map { $0 - start } } ?? bytes.count
      return (status, Array(bytes.dropFirst(max(0, read))))
    }
    let statement = prepared.map(SQLiteStatement.init)
    if status == SQLITE_AUTH { throw onlyReading("it would do more than read this file") }
    if status != SQLITE_OK { throw failure(status) }
    guard let statement else { throw onlyReading("it is empty") }
    // Behind the statement there may be blanks and comments, which prepare to nothing.
    if !rest.isEmpty, try isStatement(rest) { throw onlyReading("it is more than one statement") }
    guard sqlite3_stmt_readonly(statement.handle) != 0, sqlite3_column_count(statement.handle) > 0 else {
      throw onlyReading("it gives no table")
    }
    return statement
  }

  private func isStatement(_ text: [UInt8]) throws -> Bool {
    var prepared: OpaquePointer?
    let status = text.withUnsafeBytes {
      sqlite3_prepare_v2(
        handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: $0.count), &prepared, nil)
    }
    sqlite3_finalize(prepared)
    return status != SQLITE_OK || prepared != nil
  }

  private func onlyReading(_ why: String) -> SourceError {
    .database(path: path, why: "the query is refused: \(why)", advice: "query= takes one select")
  }

  /// Moves on to the next row; false behind the last one.
  @inline(__always)
  func step(_ statement: SQLiteStatement) throws -> Bool {
    let status = sqlite3_step(statement.handle)
    if status == SQLITE_ROW { return true }
    if status == SQLITE_DONE { return false }
    throw failure(status)
  }

  /// The names of all tables and views, in order.
  func tables() throws -> [String] {
    let list = try statement(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    var names: [String] = []
    while try step(list) { names.append(list.string(0)) }
    return names
  }

  /// What a status other than success means.
  private func failure(_ status: Int32) -> any Error {
    if cancellation.isCancelled { return Cancelled() }
    let words = sqlite3_errmsg(handle).map { String(cString: $0) } ?? String(cString: sqlite3_errstr(status))
    switch status & 0xff {
    case SQLITE_INTERRUPT: return Cancelled()
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return SourceError.damaged(path: path, format: "SQLite", place: "SQLite says of it:", found: words)
    case SQLITE_BUSY, SQLITE_LOCKED:
      return SourceError.database(
        path: path, why: "another program is writing to it", advice: "try again when it has finished")
    case SQLITE_CANTOPEN:
      return SourceError.database(
        path: path, why: words,
        advice: "SQLite must be able to write beside a database in WAL mode; load a copy in a folder of your own")
    case SQLITE_AUTH: return onlyReading("it would do more than read this file")
    default:
      var advice: String?
      if words.hasPrefix("no such table"), let names = try? tables(), !names.isEmpty {
        advice = "its tables are \(names.prefix(20).joined(separator: ", "))"
      }
      return SourceError.database(path: path, why: words, advice: advice)
    }
  }
}

/// A prepared statement, and the row at which it stands.
final class SQLiteStatement {
  fileprivate let handle: OpaquePointer

  fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  /// Goes back before the first row.
  func reset() { sqlite3_reset(handle) }

  /// The names of the columns as the query gives them.
  var names: [String] {
    (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
  }

  /// The type with which a column was declared, in capitals; empty for an expression.
  func declaration(_ column: Int32) -> String {
    sqlite3_column_decltype(handle, column).map { String(cString: $0).uppercased() } ?? ""
  }

  /// The storage class of the value in a column.
  @inline(__always) func kind(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }
  /// The whole number in a column.
  @inline(__always) func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  /// The real number in a column.
  @inline(__always) func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// The bytes of a text in UTF-8; they stay until the next step.
  @inline(__always)
  func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// The bytes of a blob; they stay until the next step.
  func blob(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeBufferPointer(
      start: start?.assumingMemoryBound(to: UInt8.self), count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// A text.
  func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }
}
