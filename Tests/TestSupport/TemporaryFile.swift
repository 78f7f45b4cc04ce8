import Foundation

/// A file that is gone when the closure has ended.
public func withTemporaryFile<T>(_ text: String, _ body: (String) throws -> T) throws -> T {
  // The name is an identifier of the language as well, for a loaded file is a table of that name.
  let name = "martlet\(UUID().uuidString.filter { $0 != "-" })"
  let file = FileManager.default.temporaryDirectory.appending(path: name)
  try Data(text.utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try body(file.path)
}
