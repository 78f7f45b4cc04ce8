/// The texts that stand for a missing value.
struct MissingTexts: Sendable {
  private let texts: [[UInt8]]
  /// Bytes of the longest of them.
  let longest: Int

  init(_ texts: [String]) {
    self.texts = texts.map { Array($0.utf8) }.filter { !$0.isEmpty }
    longest = self.texts.map(\.count).max() ?? 0
  }

  /// Whether the text, blanks at its ends aside, is one of them or nothing at all.
  func contains(_ field: FieldBlock.Field) -> Bool {
    let text = field.trimmed
    if text.count == 0 { return true }
    if text.count > longest { return false }
    return texts.contains { $0.count == text.count && $0.elementsEqual(text.bytes) }
  }
}
