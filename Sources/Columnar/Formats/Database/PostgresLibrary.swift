/// The functions of libpq that reading needs; the library is loaded when an address of PostgreSQL is met.
struct PostgresLibrary: Sendable {
  typealias Text = UnsafePointer<CChar>
  typealias Texts = UnsafePointer<Text?>
  typealias NoticeProcessor = @convention(c) (UnsafeMutableRawPointer?, Text?) -> Void

  let connectStart: @convention(c) (Texts, Texts, Int32) -> OpaquePointer?
  let connectPoll: @convention(c) (OpaquePointer) -> Int32
  let status: @convention(c) (OpaquePointer) -> Int32
  let socket: @convention(c) (OpaquePointer) -> Int32
  let errorMessage: @convention(c) (OpaquePointer) -> Text?
  let finish: @convention(c) (OpaquePointer) -> Void
  let database: @convention(c) (OpaquePointer) -> Text?
  let parameter: @convention(c) (OpaquePointer, Text) -> Text?
  let setNoticeProcessor: @convention(c) (OpaquePointer, NoticeProcessor?, UnsafeMutableRawPointer?) -> NoticeProcessor?
  let sendQuery: @convention(c) (OpaquePointer, Text) -> Int32
  let sendPrepare: @convention(c) (OpaquePointer, Text, Text, Int32, UnsafePointer<UInt32>?) -> Int32
  let sendDescribe: @convention(c) (OpaquePointer, Text) -> Int32
  let consumeInput: @convention(c) (OpaquePointer) -> Int32
  let isBusy: @convention(c) (OpaquePointer) -> Int32
  let result: @convention(c) (OpaquePointer) -> OpaquePointer?
  let resultStatus: @convention(c) (OpaquePointer) -> Int32
  let resultError: @convention(c) (OpaquePointer, Int32) -> Text?
  let clear: @convention(c) (OpaquePointer) -> Void
  let rows: @convention(c) (OpaquePointer) -> Int32
  let fields: @convention(c) (OpaquePointer) -> Int32
  let fieldName: @convention(c) (OpaquePointer, Int32) -> Text?
  let fieldType: @convention(c) (OpaquePointer, Int32) -> UInt32
  let fieldModifier: @convention(c) (OpaquePointer, Int32) -> Int32
  let value: @convention(c) (OpaquePointer, Int32, Int32) -> Text?
  let copyData: @convention(c) (OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, Int32) -> Int32
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void
  let makeCancel: @convention(c) (OpaquePointer) -> OpaquePointer?
  let cancel: @convention(c) (OpaquePointer, UnsafeMutablePointer<CChar>, Int32) -> Int32
  let freeCancel: @convention(c) (OpaquePointer) -> Void

  /// The library; nil when it is not installed.
  static let shared = PostgresLibrary()

  private init?() {
    let names = [
      "libpq.so.5", "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/opt/homebrew/lib/libpq.5.dylib",
      "/usr/local/opt/libpq/lib/libpq.5.dylib",
    ]
    guard let library = SharedLibrary(names) else { return nil }
    func take<T>(_ name: String, _ type: T.Type = T.self) throws(Absent) -> T {
      guard let function = library.function(name, as: type) else { throw Absent() }
      return function
    }
    do throws(Absent) {
      connectStart = try take("PQconnectStartParams")
      connectPoll = try take("PQconnectPoll")
      status = try take("PQstatus")
      socket = try take("PQsocket")
      errorMessage = try take("PQerrorMessage")
      finish = try take("PQfinish")
      database = try take("PQdb")
      parameter = try take("PQparameterStatus")
      setNoticeProcessor = try take("PQsetNoticeProcessor")
      sendQuery = try take("PQsendQuery")
      sendPrepare = try take("PQsendPrepare")
      sendDescribe = try take("PQsendDescribePrepared")
      consumeInput = try take("PQconsumeInput")
      isBusy = try take("PQisBusy")
      result = try take("PQgetResult")
      resultStatus = try take("PQresultStatus")
      resultError = try take("PQresultErrorField")
      clear = try take("PQclear")
      rows = try take("PQntuples")
      fields = try take("PQnfields")
      fieldName = try take("PQfname")
      fieldType = try take("PQftype")
      fieldModifier = try take("PQfmod")
      value = try take("PQgetvalue")
      copyData = try take("PQgetCopyData")
      free = try take("PQfreemem")
      makeCancel = try take("PQgetCancel")
      cancel = try take("PQcancel")
      freeCancel = try take("PQfreeCancel")
    } catch {
      return nil
    }
  }

  /// The library has not some function: it is another one.
  private struct Absent: Error {}
}
