import JupyterKernel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A toy language, one word and its argument a line: enough to make a kernel do everything it can.
final class EchoLanguage: KernelLanguage {
  let info = LanguageInfo(
    implementation: "echo", implementationVersion: "1", name: "echo", version: "1", mimetype: "text/plain",
    fileExtension: ".echo", pygmentsLexer: "text", codeMirrorMode: "text", banner: "echo", helpLinks: [])

  func execute(_ code: String, sink: CellSink) throws(ExecutionError) {
    for line in code.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let rest = words.count > 1 ? words[1] : ""
      switch words[0] {
      case "print": sink.stream(.stdout, rest + "\n")
      case "warn": sink.stream(.stderr, rest + "\n")
      case "value": sink.result(MIMEBundle(text: rest))
      case "show": sink.display(MIMEBundle(text: rest), id: "shown")
      case "update": sink.updateDisplay(MIMEBundle(text: rest), id: "shown")
      case "clear": sink.clearOutput(wait: true)
      case "fail": throw ExecutionError(name: "Failure", message: rest, traceback: ["Failure: \(rest)"])
      case "compute":
        while !sink.interruption.isRaised { usleep(200) }
        throw ExecutionError(name: "Interrupted", message: "", traceback: ["Interrupted"])
      case "ask":
        do throws(InputUnavailable) {
          sink.stream(.stdout, "hello " + (try sink.input(prompt: rest)) + "\n")
        } catch {
          throw ExecutionError(name: "NoInput", message: "\(error)", traceback: ["NoInput: \(error)"])
        }
      default: continue
      }
    }
  }

  func evaluate(_ expression: String) throws(ExecutionError) -> MIMEBundle {
    if expression == "bad" { throw ExecutionError(name: "Bad", message: "bad", traceback: ["Bad"]) }
    return MIMEBundle(text: expression)
  }

  func complete(_ code: String, cursor: CodePointOffset) -> Completions {
    Completions([.init("print", type: "keyword")], start: CodePointOffset(0), end: cursor)
  }

  func inspect(_ code: String, cursor: CodePointOffset, detail: Int) -> MIMEBundle? {
    code.hasPrefix("print") ? MIMEBundle(text: "prints") : nil
  }

  func page(_ code: String) -> MIMEBundle? { code == "what?" ? MIMEBundle(text: "a page") : nil }
  func completeness(_ code: String) -> Completeness { code.hasSuffix("\\") ? .incomplete(indent: "  ") : .complete }
}
