#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts seconds from the moment it is made.
struct Stopwatch: Sendable {
  private let began = Stopwatch.now()

  /// Seconds since then.
  var seconds: Double { Stopwatch.now() - began }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
