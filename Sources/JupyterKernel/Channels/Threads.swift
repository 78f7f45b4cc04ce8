#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Starts a thread of its own, outside the cooperative pool, with a stack of the given size, or a smaller one where the
/// system does not give that much. False when there is no thread at all.
@discardableResult
package func startThread(_ name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) -> Bool {
  var size = stackSize
  while true {
    let error = start(size, body)
    if error == 0 { return true }
    if size <= 1 << 20 {
      log("cannot start the \(name) thread: \(String(cString: strerror(error)))")
      return false
    }
    size /= 8
  }
}

private func start(_ stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Int32 {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, stackSize)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(body)).toOpaque()
  defer { pthread_attr_destroy(&attributes) }
  #if canImport(Glibc)
    var thread = pthread_t()
    let error = pthread_create(
      &thread, &attributes,
      { raw in
        if let raw { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
        return nil
      }, box)
  #else
    var thread: pthread_t?
    let error = pthread_create(
      &thread, &attributes,
      { raw in
        Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body()
        return nil
      }, box)
  #endif
  if error != 0 { Unmanaged<Box>.fromOpaque(box).release() }
  return error
}

/// One line on the real standard error, never in a notebook. A long one is cut; one that nobody reads is dropped, so that
/// no thread waits for a full pipe.
func log(_ line: String) {
  var target = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
  guard poll(&target, 1, 0) == 1, target.revents & Int16(POLLOUT) != 0 else { return }
  let bytes = Array("martlet: \(line.prefix(300))\n".utf8)
  _ = write(2, bytes, bytes.count)
}
