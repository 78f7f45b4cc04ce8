#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe that wakes the I/O thread out of its poll.
final class Bell: Sendable {
  /// The end to poll.
  let descriptor: Int32
  private let writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writer = ends[1]
  }

  /// Wakes the I/O thread. A full pipe has woken it already.
  func ring() {
    var byte: UInt8 = 1
    _ = write(writer, &byte, 1)
  }

  /// Takes all rings out of the pipe.
  func silence() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
