#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads files and says what they are when they cannot be read.
enum FileBytes {
  /// Opens a file for reading at any place; what is no regular file, such as a pipe, is read to its end first.
  static func open(_ path: String) throws(SourceError) -> any ByteSource {
    var info = stat()
    guard stat(path, &info) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .notFound(path: path, similar: similarFiles(path)) }
      throw .notReadable(path: path, why: String(cString: strerror(errno)))
    }
    if info.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path, files: dataFiles(in: path)) }
    let descriptor = systemOpen(path)
    guard descriptor >= 0 else { throw .notReadable(path: path, why: String(cString: strerror(errno))) }
    if info.st_mode & S_IFMT == S_IFREG {
      return FileSource(path: path, descriptor: descriptor, count: Int(info.st_size))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = block.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw .notReadable(path: path, why: String(cString: strerror(errno))) }
      if got == 0 { return MemorySource(bytes: bytes) }
      bytes.append(contentsOf: block.prefix(got))
    }
  }

  private static func systemOpen(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_RDONLY)
    #else
      Darwin.open(path, O_RDONLY)
    #endif
  }

  private static func systemRead(_ descriptor: Int32, _ room: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, room, count)
    #else
      Darwin.read(descriptor, room, count)
    #endif
  }

  /// What a file that is no text seems to be; nil for text.
  static func binaryKind(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: Array("PK".utf8) + [3, 4]) { return "a zip archive or an Excel workbook" }
    if bytes.starts(with: Array("PAR1".utf8)) { return "a Parquet file" }
    if bytes.starts(with: Array("SQLite format 3".utf8)) { return "an SQLite database" }
    if bytes.starts(with: Array("ARROW1".utf8)) { return "an Arrow file" }
    if bytes.starts(with: Array("%PDF".utf8)) { return "a PDF document" }
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return "a PNG picture" }
    if TextEncoding.marked(bytes)?.isUTF16 == true { return nil }
    return bytes.prefix(1 << 16).contains(0) ? "binary data" : nil
  }

  /// Files in a folder that a table could be read from, at most eight.
  static func dataFiles(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return Array(names.filter(isDataFile).sorted().prefix(8))
  }

  /// Whether a name has an ending of files that tables are read from.
  static func isDataFile(_ name: String) -> Bool {
    let name = name.lowercased()
    return TableFormats.endings.contains { name.hasSuffix($0) }
  }

  /// Files next to a path that was not found, those with the most letters in common first.
  private static func similarFiles(_ path: String) -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let wanted = Set(name.lowercased())
    let ranked = dataFiles(in: folder.isEmpty ? "/" : folder).map { file in
      (
        file,
        Double(wanted.intersection(file.lowercased()).count) / Double(max(1, wanted.union(file.lowercased()).count))
      )
    }
    return ranked.filter { $0.1 > 0.4 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(3).map(\.0)
  }
}
