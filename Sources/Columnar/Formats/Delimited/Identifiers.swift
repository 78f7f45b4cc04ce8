/// Columns whose numbers are labels: customer, order and postal numbers.
public enum Identifiers {
  /// Whether a name says that its numbers are labels: it ends in id, no, nr, code, key, number, zip, postal or sku.
  public static func isName(_ name: String) -> Bool {
    let words = words(name)
    guard let last = words.last else { return false }
    return ["id", "ids", "no", "nr", "code", "key", "number", "zip", "sku", "uuid", "postcode"].contains(last)
  }

  /// The words of a name in lower case: `CustomerID`, `customer_id` and `Customer Id` are `customer`, `id`.
  static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name.unicodeScalars {
      let isLetter = character.properties.isAlphabetic || ("0"..."9").contains(character)
      if !isLetter || (character.properties.isUppercase && wasLower) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isLetter { word += character.properties.lowercaseMapping }
      wasLower = character.properties.isLowercase
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Whole numbers when all are whole, as for numbers that a spreadsheet wrote as `17850.0`.
  static func wholeNumbers(_ column: Column) -> Column {
    if let packed = column.packed, case .decimal(let divisor) = packed.meaning {
      return packed.divided(by: divisor).map { Column($0, validity: column.validity) } ?? column
    }
    guard column.type == .real, case .real(let values) = column.storage else { return column }
    var whole: [Int64] = []
    whole.reserveCapacity(values.count)
    for value in values {
      guard let exact = Int64(exactly: value) else { return column }
      whole.append(exact)
    }
    return Column(.integer(whole), validity: column.validity)
  }
}
