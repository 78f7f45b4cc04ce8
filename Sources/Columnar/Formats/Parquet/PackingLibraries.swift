/// Google's Snappy, which many files are packed with. It is written in C++, so it is loaded only when a file needs it.
struct Snappy: Sendable {
  private typealias Length = @convention(c) (UnsafeRawPointer, Int, UnsafeMutablePointer<Int>) -> Int32
  private typealias Unpack =
    @convention(c) (
      UnsafeRawPointer, Int, UnsafeMutableRawPointer, UnsafeMutablePointer<Int>
    ) -> Int32

  private let length: Length
  private let uncompress: Unpack

  private static let loaded: Snappy? = {
    let names = ["libsnappy.so.1", "libsnappy.1.dylib", "/opt/homebrew/lib/libsnappy.1.dylib"]
    guard let library = SharedLibrary(names),
      let length = library.function("snappy_uncompressed_length", as: Length.self),
      let uncompress = library.function("snappy_uncompress", as: Unpack.self)
    else { return nil }
    return Snappy(length: length, uncompress: uncompress)
  }()

  static func library() throws(ParquetFault) -> Snappy {
    guard let loaded else { throw .missingLibrary("Snappy", debian: "libsnappy1v5", homebrew: "snappy") }
    return loaded
  }

  /// Whether the bytes unpack to just as many as there is room for.
  func unpack(_ from: UnsafeRawPointer, _ count: Int, _ to: UnsafeMutableRawPointer, _ room: Int) -> Bool {
    var made = 0
    guard length(from, count, &made) == 0, made == room else { return false }
    return uncompress(from, count, to, &made) == 0 && made == room
  }
}

/// LZ4 blocks.
struct LZ4: Sendable {
  private typealias Unpack = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, Int32, Int32) -> Int32

  private let decompress: Unpack

  private static let loaded: LZ4? = {
    let names = ["liblz4.so.1", "liblz4.1.dylib", "/opt/homebrew/lib/liblz4.1.dylib"]
    return SharedLibrary(names)?.function("LZ4_decompress_safe", as: Unpack.self).map { LZ4(decompress: $0) }
  }()

  static func library() throws(ParquetFault) -> LZ4 {
    guard let loaded else { throw .missingLibrary("LZ4", debian: "liblz4-1", homebrew: "lz4") }
    return loaded
  }

  /// Whether the bytes unpack to just as many as there is room for.
  func unpack(_ from: UnsafeRawPointer, _ count: Int, _ to: UnsafeMutableRawPointer, _ room: Int) -> Bool {
    guard let count = Int32(exactly: count), let room = Int32(exactly: room) else { return false }
    return decompress(from, to, count, room) == room
  }
}

/// Brotli.
struct Brotli: Sendable {
  private typealias Unpack =
    @convention(c) (
      Int, UnsafeRawPointer, UnsafeMutablePointer<Int>, UnsafeMutableRawPointer
    ) -> Int32

  private let decompress: Unpack

  private static let loaded: Brotli? = {
    let names = ["libbrotlidec.so.1", "libbrotlidec.1.dylib", "/opt/homebrew/lib/libbrotlidec.1.dylib"]
    return SharedLibrary(names)?.function("BrotliDecoderDecompress", as: Unpack.self).map { Brotli(decompress: $0) }
  }()

  static func library() throws(ParquetFault) -> Brotli {
    guard let loaded else { throw .missingLibrary("Brotli", debian: "libbrotli1", homebrew: "brotli") }
    return loaded
  }

  /// Whether the bytes unpack to just as many as there is room for.
  func unpack(_ from: UnsafeRawPointer, _ count: Int, _ to: UnsafeMutableRawPointer, _ room: Int) -> Bool {
    var made = room
    return decompress(count, from, &made, to) == 1 && made == room
  }
}
