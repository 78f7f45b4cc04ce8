#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A new file that is written from front to end.
final class FileOutput {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?
  /// Bytes written so far.
  private(set) var count = 0

  init(_ path: String) throws(SourceError) {
    self.path = path
    file = fopen(path, "wb")
    if file == nil { throw failure() }
  }

  deinit { if let file { fclose(file) } }

  /// Writes bytes behind those that are there.
  func write(_ bytes: [UInt8]) throws(SourceError) {
    guard let file, fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failure() }
    count += bytes.count
  }

  /// Writes bytes over some that are there.
  func patch(_ bytes: [UInt8], at place: Int) throws(SourceError) {
    guard let file, fseek(file, place, SEEK_SET) == 0, fwrite(bytes, 1, bytes.count, file) == bytes.count,
      fseek(file, count, SEEK_SET) == 0
    else { throw failure() }
  }

  /// Ends the file. What the disk has no room for may show only here.
  func close() throws(SourceError) {
    guard let file else { return }
    self.file = nil
    if fclose(file) != 0 { throw failure() }
  }

  private func failure() -> SourceError { .notWritable(path: path, why: String(cString: strerror(errno))) }
}

/// Blocks that are made on all cores and taken in order, a few in memory at a time.
enum OrderedBlocks {
  /// Makes the blocks 0 ..< count and hands them to `take` in order.
  static func run<T: Sendable>(
    _ count: Int, _ cancellation: Cancellation, make: @Sendable (Int) -> T, take: (T) throws -> Void
  ) throws {
    let wave = ParallelTasks.workerCount * 4
    var start = 0
    while start < count {
      try cancellation.check()
      let first = start
      let here = min(wave, count - first)
      let made = TaskResults<T>(here)
      ParallelTasks.run(tasks: here) { _, queue in
        while let task = queue.next() { made.put(task, make(first + task)) }
      }
      for block in made.all { try take(block) }
      start += here
    }
  }
}
