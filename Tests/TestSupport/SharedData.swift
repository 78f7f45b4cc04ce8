import Foundation

/// The public data sets that stand beside a checkout of the project on its own machines; a plain clone has none of them.
public enum SharedData {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The file of this name below `../shared/data`.
  public static func url(_ name: String) -> URL {
    root.appending(path: "../shared/data").appending(path: name).standardized
  }

  /// The path of that file.
  public static func path(_ name: String) -> String { url(name).path }

  /// Whether the file or folder is there.
  public static func isPresent(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

  /// The lines of a small committed file below `Tests/Reference`, without those that start with `#`.
  public static func referenceLines(_ name: String) throws -> [[String]] {
    let text = try String(contentsOf: root.appending(path: "Tests/Reference").appending(path: name), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.components(separatedBy: "\t") }
  }

  /// The text of a shared file; `.gz` is unpacked.
  public static func text(_ name: String) throws -> String {
    guard name.hasSuffix(".gz") else { return try String(contentsOf: url(name), encoding: .utf8) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", url(name).path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
