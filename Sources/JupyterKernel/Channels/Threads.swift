#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Starts a thread of its own, outside the cooperative pool, with a stack of the given size.
package func startThread(_ name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, stackSize)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(body)).toOpaque()
  #if canImport(Glibc)
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, &attributes,
      { raw in
        if let raw { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
        return nil
      }, box)
  #else
    var thread: pthread_t?
    let failed = pthread_create(
      &thread, &attributes,
      { raw in
        Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body()
        return nil
      }, box)
  #endif
  pthread_attr_destroy(&attributes)
  if failed != 0 {
    log("cannot start the \(name) thread: \(String(cString: strerror(failed)))")
    _exit(1)
  }
}

/// One line on the real standard error, never in a notebook.
func log(_ line: String) {
  let bytes = Array("martlet: \(line)\n".utf8)
  _ = write(2, bytes, bytes.count)
}
