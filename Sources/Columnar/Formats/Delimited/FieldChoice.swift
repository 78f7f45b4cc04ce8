/// The separators of a row that are worth writing down when few of many columns are wanted: those before and behind each
/// wanted field, and the row's end. The others are only counted.
struct FieldChoice {
  /// The fields, rising, of which the separator behind is written down.
  let fields: [UInt32]
  /// For each wanted column its place among them.
  let places: [Int]

  /// Nil when so many columns are wanted that counting the others would save nothing.
  init?(_ wanted: [Int], of columns: Int) {
    let fields = Set(wanted + wanted.filter { $0 > 0 }.map { $0 - 1 } + [columns - 1]).sorted()
    guard fields.count * 2 < columns else { return nil }
    self.fields = fields.map { UInt32($0) }
    places = wanted.map { column in fields.firstIndex(of: column) ?? 0 }
  }
}
