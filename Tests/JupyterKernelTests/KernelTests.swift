import JupyterKernel
import Testing

/// A real frontend against a real kernel over real sockets.
@Suite(.serialized)
struct KernelTests {
  @Test func aCellIsBracketedAndAnsweredInOrder() throws {
    let frontend = try Frontend()
    let (outputs, reply) = try frontend.execute(#"print one\nwarn two\nshow three\nupdate four\nclear\nvalue five"#)
    #expect(
      outputs.map(\.type) == [
        "status", "execute_input", "stream", "stream", "display_data", "update_display_data", "clear_output",
        "execute_result", "status",
      ])
    #expect(outputs.count > 2 && outputs[2].content == #"{"name":"stdout","text":"one\n"}"#)
    #expect(reply?.type == "execute_reply")
    #expect(reply?.content.contains(#""status":"ok","execution_count":1"#) == true)
    #expect(outputs.allSatisfy { $0.parentHeader.contains(#""x": [1, null]"#) }, "the header is echoed as it came")
  }

  @Test func printedLinesAreGathered() throws {
    let frontend = try Frontend()
    let (outputs, _) = try frontend.execute(String(repeating: #"print line\n"#, count: 3000))
    let streams = outputs.filter { $0.type == "stream" }
    #expect(streams.count < 30)
    #expect(streams.reduce(0) { $0 + $1.content.split(separator: "line").count - 1 } == 3000)
  }

  @Test func silentAndUncountedCells() throws {
    let frontend = try Frontend()
    let (silent, reply) = try frontend.execute("value 1", extra: #", "silent": true"#)
    #expect(silent.map(\.type) == ["status", "status"])
    #expect(reply?.content.contains(#""execution_count":0"#) == true)
    let (_, uncounted) = try frontend.execute("value 1", extra: #", "store_history": false"#)
    #expect(uncounted?.content.contains(#""execution_count":0"#) == true)
    let (_, values) = try frontend.execute("", extra: #", "user_expressions": {"a_b": "7", "b": "bad"}"#)
    #expect(values?.content.contains(#""a_b":{"status":"ok","data":{"text/plain":"7"}"#) == true)
    #expect(values?.content.contains(#""b":{"status":"error","ename":"Bad""#) == true)
  }

  @Test func aFailureAbortsTheCellsBehindIt() throws {
    let frontend = try Frontend()
    try frontend.send("execute_request", #"{"code": "fail here"}"#)
    try frontend.send("execute_request", #"{"code": "value 1"}"#)
    try frontend.send("kernel_info_request")
    try frontend.send("execute_request", #"{"code": "value 2"}"#)
    let replies = try (0..<4).map { _ in try frontend.reply() }
    #expect(replies[0]?.content.contains(#""status":"error""#) == true)
    #expect(replies[1]?.content.contains(#""status":"aborted""#) == true)
    #expect(replies[2]?.type == "kernel_info_reply")
    #expect(replies[3]?.content.contains(#""status":"aborted""#) == true)
    let (outputs, later) = try frontend.execute("value 3")
    #expect(outputs.contains { $0.type == "execute_result" })
    #expect(later?.content.contains(#""execution_count":2"#) == true, "aborted cells are not counted")
    try frontend.send("execute_request", #"{"code": "fail", "stop_on_error": false}"#)
    try frontend.send("execute_request", #"{"code": "value 4"}"#)
    _ = try frontend.reply()
    #expect(try frontend.reply()?.content.contains(#""status":"ok""#) == true)
  }

  @Test func controlIsAnsweredWhileACellRuns() throws {
    let frontend = try Frontend()
    try frontend.waitForStart(of: try frontend.send("execute_request", #"{"code": "compute"}"#))
    try frontend.send("kernel_info_request", onControl: true)
    #expect(try frontend.reply(onControl: true)?.type == "kernel_info_reply")
    #expect(try frontend.beat([1, 2, 0]) == [[1, 2, 0]])
    try frontend.send("interrupt_request", onControl: true)
    #expect(try frontend.reply(onControl: true)?.type == "interrupt_reply")
    #expect(try frontend.reply()?.content.contains("Interrupted") == true)
    #expect(try frontend.execute("value 1").reply?.content.contains(#""status":"ok""#) == true)
  }

  @Test func asksAndWaits() throws {
    let frontend = try Frontend()
    let id = try frontend.send("execute_request", #"{"code": "ask name?", "allow_stdin": true}"#)
    #expect(try frontend.answerInput("Ada")?.content == #"{"prompt":"name?","password":false}"#)
    #expect(try frontend.outputs(of: id).contains { $0.content.contains("hello Ada") })
    _ = try frontend.reply()
    let (_, refused) = try frontend.execute("ask name?", extra: #", "allow_stdin": false"#)
    #expect(refused?.content.contains("NoInput") == true)
    // The question is out before the interrupt comes: the cell is waiting for the person.
    try frontend.send("execute_request", #"{"code": "ask again?", "allow_stdin": true}"#)
    #expect(try frontend.question()?.content.contains("again") == true)
    try frontend.send("interrupt_request", onControl: true)
    #expect(try frontend.reply()?.content.contains("interrupted") == true)
  }

  @Test func badMessagesAreDroppedAndStrangeOnesSurvived() throws {
    let frontend = try Frontend()
    var (_, forged) = frontend.message("execute_request", #"{"code": "value 1"}"#)
    forged[1] = Array(String(repeating: "0", count: 64).utf8)
    try frontend.sendRaw(forged)
    try frontend.sendRaw([Array("nonsense".utf8)])
    try frontend.sendRaw([Array("<IDS|MSG>".utf8), []])
    try frontend.send("execute_request", header: #"{"msg_id": 7}"#)
    try frontend.send("no_such_request")
    try frontend.send("comm_open", #"{"comm_id": "c", "target_name": "t", "data": {}}"#)
    let (_, replay) = frontend.message("kernel_info_request", "{}")
    try frontend.sendRaw(replay)
    try frontend.sendRaw(replay)
    #expect(try frontend.reply()?.type == "kernel_info_reply")
    try frontend.send("complete_request", #"{"code": 5}"#)
    let malformed = try frontend.reply()
    #expect(malformed?.type == "complete_reply")
    #expect(malformed?.content.contains(#""status":"error""#) == true)
    #expect(try frontend.execute("value 1").reply?.content.contains(#""execution_count":1"#) == true)
  }

  @Test func otherRequests() throws {
    let frontend = try Frontend()
    _ = try frontend.execute("print a")
    try frontend.send("history_request", #"{"hist_access_type": "tail", "n": 5, "output": false, "raw": true}"#)
    #expect(try frontend.reply()?.content.contains(#"[[1,1,"print a"]]"#) == true)
    try frontend.send("complete_request", #"{"code": "pr", "cursor_pos": 99}"#)
    let completed = try frontend.reply()
    #expect(completed?.content.contains(#""cursor_end":2"#) == true, "a cursor behind the end is moved into the text")
    #expect(completed?.content.contains("_jupyter_types_experimental") == true)
    try frontend.send("inspect_request", #"{"code": "print", "cursor_pos": 1, "detail_level": 0}"#)
    #expect(try frontend.reply()?.content.contains(#""found":true"#) == true)
    try frontend.send("is_complete_request", #"{"code": "x \\"}"#)
    #expect(try frontend.reply()?.content == #"{"status":"incomplete","indent":"  "}"#)
    try frontend.send("comm_info_request")
    #expect(try frontend.reply()?.content == #"{"status":"ok","comms":{}}"#)
    try frontend.send("shutdown_request", #"{"restart": true}"#, onControl: true)
    #expect(try frontend.reply(onControl: true)?.content == #"{"status":"ok","restart":true}"#)
  }
}
