#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files that a path or pattern means.
public enum FileSet {
  /// The files that match a pattern with `*`, `?` or `[…]`, in order of their names; a plain path stands for itself.
  /// Throws `SourceError.notFound` when a pattern matches nothing.
  public static func files(matching pattern: String) throws(SourceError) -> [String] {
    let path = expandingHome(pattern)
    guard path.contains(where: { "*?[".contains($0) }) else { return [path] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(path, 0, nil, &found) == 0, let paths = found.gl_pathv else {
      throw .notFound(path: pattern, similar: similar(path))
    }
    let names = (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    if names.isEmpty { throw .notFound(path: pattern, similar: similar(path)) }
    return names
  }

  /// Files and folders that a path may be completed to; folders end in a slash.
  public static func completions(of prefix: String) -> [String] {
    let path = expandingHome(prefix)
    var found = glob_t()
    defer { globfree(&found) }
    let escaped = path.map { "*?[\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    guard glob(escaped + "*", GLOB_MARK, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
    let names = (0..<min(Int(found.gl_pathc), 200)).compactMap { paths[$0].map { String(cString: $0) } }
    return names.filter { name in
      name.hasSuffix("/") || FileBytes.isDataFile(name)
    }
  }

  /// A name for the table of a file: its own name without folder and endings, as a name of the language.
  public static func tableName(of path: String) -> String {
    var stem = Substring(path)
    if let slash = stem.lastIndex(of: "/") { stem = stem[stem.index(after: slash)...] }
    let packings = [".gz", ".zst"]
    for ending in packings + TableFormats.endings.filter({ !packings.contains($0) })
    where stem.lowercased().hasSuffix(ending) {
      stem = stem.dropLast(ending.count)
    }
    var name = ""
    for character in stem.unicodeScalars {
      if character.properties.isAlphabetic || ("0"..."9").contains(character) {
        name.unicodeScalars.append(character)
      } else if !name.hasSuffix("_") {
        name += "_"
      }
    }
    while name.hasSuffix("_") { name.removeLast() }
    while name.hasPrefix("_") { name.removeFirst() }
    guard let first = name.unicodeScalars.first else { return "data" }
    return first.properties.isAlphabetic ? name : "t_" + name
  }

  /// A path that may begin with `~/`.
  static func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  private static func similar(_ path: String) -> [String] {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return FileBytes.dataFiles(in: folder)
  }
}
