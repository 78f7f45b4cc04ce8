#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A library that is loaded when it is first needed and need not be there.
package struct SharedLibrary: @unchecked Sendable {
  // A handle of the dynamic linker may be used by any thread, and is never closed.
  private let handle: UnsafeMutableRawPointer

  /// Opens the first of these names that there is; nil when there is none.
  package init?(_ names: [String]) {
    for name in names {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        self.handle = handle
        return
      }
    }
    return nil
  }

  /// A function of the library; nil when it has none of this name. `type` must be the C function's own.
  package func function<T>(_ name: String, as type: T.Type) -> T? {
    guard let symbol = dlsym(handle, name) else { return nil }
    return unsafeBitCast(symbol, to: type)
  }
}
