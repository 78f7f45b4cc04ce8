#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The signals that end a cell or the kernel, taken from all threads and given to the one that waits.
struct SignalSet: @unchecked Sendable {
  // Never changed after `init`.
  private var set = sigset_t()

  init(_ signals: [Int32]) {
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
  }

  /// Blocks the signals in this thread and in all that it starts.
  func block() {
    var copy = set
    pthread_sigmask(SIG_BLOCK, &copy, nil)
  }

  /// Waits for one of the signals.
  func wait() -> Int32 {
    var copy = set
    var signal: Int32 = 0
    sigwait(&copy, &signal)
    return signal
  }
}
