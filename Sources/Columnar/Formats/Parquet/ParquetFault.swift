/// What is wrong with a piece of a Parquet file, before it is known which file and which place in it.
enum ParquetFault: Error, Hashable {
  /// The bytes contradict themselves: what was found, as the rest of a sentence that begins with the place.
  case damaged(String)
  /// Something that is not read, and what to do about it.
  case unsupported(String, advice: String)
  /// A library for a way of packing is not on this machine.
  case missingLibrary(String, debian: String, homebrew: String)
  /// A text of a column is not UTF-8.
  case badText(String)
  /// The column's texts are more than 32 bits can count.
  case tooManyTexts

  /// Bytes end in the middle of something.
  static var cutShort: ParquetFault { .damaged("ends in the middle of its bytes") }
}

/// A place in a Parquet file, for messages.
struct ParquetPlace: Hashable, Sendable {
  /// The file.
  var path: String
  /// The row group, counted from 0; nil for the footer.
  var group: Int?
  /// The column's name.
  var column: String?

  /// The fault as an error that says where it was found.
  func error(_ fault: ParquetFault) -> SourceError {
    switch fault {
    case .damaged(let found): .damaged(path: path, format: "Parquet", place: text, found: found)
    case .unsupported(let feature, let advice):
      .unsupported(path: path, feature: column.map { "column `\($0)` \(feature)" } ?? feature, advice: advice)
    case .missingLibrary(let library, let debian, let homebrew):
      .missingLibrary(path: path, library: library, debian: debian, homebrew: homebrew)
    case .badText(let found): .damaged(path: path, format: "Parquet", place: text, found: found)
    case .tooManyTexts: .tooManyTexts(path: path, column: column ?? "")
    }
  }

  private var text: String {
    let parts = [group.map { "row group \($0 + 1)" }, column.map { "column `\($0)`" }].compactMap { $0 }
    return parts.isEmpty ? "the footer" : parts.joined(separator: ", ")
  }
}
