#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The large real data sets, which stand beside the project where they are present at all.
enum SharedData {
  /// The path of a file below the folder of data sets.
  static func path(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/../shared/data/\(name)"
  }

  /// Whether a data set is there.
  static func isPresent(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
