/// Finds the name that was probably meant.
package enum Nearest {
  /// The candidate with the same letters when case and `_` are ignored, else the nearest within two edits; ties go to the
  /// first in alphabetical order, so that a message is the same each time.
  package static func name(to word: String, in candidates: some Sequence<String>) -> String? {
    let target = simplified(word)
    let pool = candidates.filter { $0 != word }.sorted()
    if let same = pool.first(where: { simplified($0) == target }) { return same }
    let letters = Array(target.unicodeScalars)
    guard letters.count >= 3, letters.count <= 60 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in pool {
      let other = Array(simplified(candidate).unicodeScalars)
      guard abs(other.count - letters.count) <= 2, other.count >= 2 else { continue }
      let distance = editDistance(letters, other)
      guard distance <= (letters.count <= 4 ? 1 : 2) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    if let best { return best.name }
    // `date` for `order_date`, `desc` for `Description`: a part that only one candidate has.
    guard letters.count >= 4 else { return nil }
    let containing = pool.filter { simplified($0).hasPrefix(target) }
    return containing.count == 1 ? containing.first : nil
  }

  private static func simplified(_ name: String) -> String {
    String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != " " && $0 != "-" }))
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string
  /// alignment; Damerau 1964).
  static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    guard !a.isEmpty else { return b.count }
    guard !b.isEmpty else { return a.count }
    var before = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var row = [Int](repeating: i, count: b.count + 1)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}
