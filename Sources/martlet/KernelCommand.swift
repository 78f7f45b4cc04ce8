import ArgumentParser
import JupyterKernel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `martlet kernel CONNECTION_FILE`: what Jupyter starts.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Runs the kernel; Jupyter does this.")

  @Argument(help: "The connection file that Jupyter has written.")
  var connectionFile: String

  func run() throws {
    do {
      try Kernel(MartletKernel(), connection: try ConnectionFile(path: connectionFile)).run()
    } catch {
      StandardError.write("martlet: \(error)\n")
      _exit(1)
    }
    // A cell may still be computing on its thread: nothing keeps the process alive.
    _exit(0)
  }
}

/// The real standard error.
enum StandardError {
  /// Writes text at once.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    #if canImport(Glibc)
      _ = Glibc.write(2, bytes, bytes.count)
    #else
      _ = Darwin.write(2, bytes, bytes.count)
    #endif
  }
}
