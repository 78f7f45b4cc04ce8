/// The functions of libzip that reading needs, found when the first workbook is opened.
struct ZipLibrary: Sendable {
  typealias Archive = OpaquePointer
  typealias File = OpaquePointer
  typealias Open = @convention(c) (UnsafePointer<CChar>, Int32, UnsafeMutablePointer<Int32>?) -> Archive?
  typealias Discard = @convention(c) (Archive) -> Void
  typealias Count = @convention(c) (Archive, UInt32) -> Int64
  typealias Locate = @convention(c) (Archive, UnsafePointer<CChar>, UInt32) -> Int64
  typealias Stat = @convention(c) (Archive, UInt64, UInt32, UnsafeMutableRawPointer) -> Int32
  typealias OpenFile = @convention(c) (Archive, UInt64, UInt32) -> File?
  typealias Read = @convention(c) (File, UnsafeMutableRawPointer?, UInt64) -> Int64
  typealias CloseFile = @convention(c) (File) -> Int32

  let open: Open
  let discard: Discard
  let count: Count
  let locate: Locate
  let stat: Stat
  let openFile: OpenFile
  let read: Read
  let closeFile: CloseFile

  /// The library of this machine; nil when it is not there.
  static let shared = ZipLibrary()

  private init?() {
    let names = [
      "libzip.so.5", "libzip.so.4", "libzip.so", "libzip.5.dylib", "/opt/homebrew/lib/libzip.5.dylib",
      "/usr/local/lib/libzip.5.dylib",
    ]
    guard let library = SharedLibrary(names),
      let open = library.function("zip_open", as: Open.self),
      let discard = library.function("zip_discard", as: Discard.self),
      let count = library.function("zip_get_num_entries", as: Count.self),
      let locate = library.function("zip_name_locate", as: Locate.self),
      let stat = library.function("zip_stat_index", as: Stat.self),
      let openFile = library.function("zip_fopen_index", as: OpenFile.self),
      let read = library.function("zip_fread", as: Read.self),
      let closeFile = library.function("zip_fclose", as: CloseFile.self)
    else { return nil }
    (self.open, self.discard, self.count, self.locate) = (open, discard, count, locate)
    (self.stat, self.openFile, self.read, self.closeFile) = (stat, openFile, read, closeFile)
  }
}
