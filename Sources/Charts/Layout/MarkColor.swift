/// The colours of a chart's marks on one kind of paper.
struct MarkColor {
  let scale: ColorScale?
  let theme: Theme

  /// The colour of a row.
  func hex(_ mark: Mark, _ row: Int) -> String {
    guard let channel = mark.color, let scale else { return theme.hex(mark.style.color) }
    return scale.hex(channel, row, theme: theme) ?? Palette.muted
  }

  /// The colour of an unfinished bar: its own, but grey where colours stand for numbers, since this number does not count.
  func hatch(_ mark: Mark, _ row: Int) -> String {
    switch scale?.kind {
    case .sequential, .diverging: mark.color == nil ? hex(mark, row) : Palette.muted
    case .ordinal, nil: hex(mark, row)
    }
  }

  /// How strong the lines of a hatching are; words stand on grey ones.
  static func hatchOpacity(_ color: String) -> Double { color == Palette.muted ? 0.3 : 0.75 }
}
