/// The functions of liblz4 that unpacking needs, found when the first packed buffer is met.
struct ArrowLZ4: Sendable {
  typealias Create = @convention(c) (UnsafeMutablePointer<OpaquePointer?>, UInt32) -> Int
  typealias Free = @convention(c) (OpaquePointer) -> Int
  typealias Decompress =
    @convention(c) (
      OpaquePointer, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, UnsafeRawPointer?, UnsafeMutablePointer<Int>,
      UnsafeRawPointer?
    ) -> Int
  typealias IsError = @convention(c) (Int) -> UInt32

  private let create: Create
  private let free: Free
  private let decompress: Decompress
  private let isError: IsError

  /// The library of this machine; nil when it is not there.
  static let shared = ArrowLZ4()

  private init?() {
    let names = [
      "liblz4.so.1", "liblz4.so", "liblz4.1.dylib", "/opt/homebrew/lib/liblz4.1.dylib", "/usr/local/lib/liblz4.1.dylib",
    ]
    guard let library = SharedLibrary(names),
      let create = library.function("LZ4F_createDecompressionContext", as: Create.self),
      let free = library.function("LZ4F_freeDecompressionContext", as: Free.self),
      let decompress = library.function("LZ4F_decompress", as: Decompress.self),
      let isError = library.function("LZ4F_isError", as: IsError.self)
    else { return nil }
    (self.create, self.free, self.decompress, self.isError) = (create, free, decompress, isError)
  }

  /// Unpacks a frame into all of the room; false when it is damaged, or of another size.
  func unpack(_ packed: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Bool {
    var made: OpaquePointer?
    guard isError(create(&made, 100)) == 0, let context = made else { return false }
    defer { _ = free(context) }
    var (from, to) = (0, 0)
    while from < packed.count {
      var (given, got) = (packed.count - from, room.count - to)
      let hint = decompress(
        context, room.baseAddress.map { $0 + to }, &got, packed.baseAddress.map { $0 + from }, &given, nil)
      if isError(hint) != 0 { return false }
      from += given
      to += got
      if hint == 0 { return to == room.count }
      if given == 0, got == 0 { return false }
    }
    return false
  }
}
