import Foundation

/// The public data sets that stand beside a checkout of the project on its own machines; a plain clone has none of them.
enum SharedData {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The file of this name below `../shared/data`.
  static func url(_ name: String) -> URL { root.appending(path: "../shared/data").appending(path: name).standardized }

  /// Whether the file or folder is there.
  static func isPresent(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

  /// The lines of a small committed file below `Tests/Reference`, without those that start with `#`.
  static func referenceLines(_ name: String) throws -> [[String]] {
    let text = try String(contentsOf: root.appending(path: "Tests/Reference").appending(path: name), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.components(separatedBy: "\t") }
  }

  /// The text of a shared file; `.gz` is unpacked.
  static func text(_ name: String) throws -> String {
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

/// A small generator with a fixed seed (SplitMix64), so that random tests are the same on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
