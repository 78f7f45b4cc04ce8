#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Testing

/// Compares a text with the file that an earlier run recorded.
///
/// A file that is missing, or any file when `RECORD_SNAPSHOTS` is set, is written, and the test fails so that nobody takes a
/// recording for a success: look at the new file, then run again.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name)
  let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil
  if !isRecording, let data = try? Data(contentsOf: file) {
    let golden = String(decoding: data, as: UTF8.self)
    guard golden != text else { return }
    let (old, new) = (golden.split(separator: "\n"), text.split(separator: "\n"))
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      "\(name) differs from its recording in line \((line?.offset ?? min(old.count, new.count)) + 1): \(line.map { "\($0.element.0) became \($0.element.1)" } ?? "one is longer")",
      sourceLocation: sourceLocation)
    return
  }
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) was recorded: look at it, then run again", sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(name) could not be recorded: \(error)", sourceLocation: sourceLocation)
  }
}
