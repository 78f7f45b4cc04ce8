extension ColumnKind {
  /// How texts are read that somebody said to be of a type, by a sample of them, none missing. Where the sample does not agree,
  /// it is the way in which most of it is read, so that what is told of as no such value is what differs from the others.
  static func given(_ type: DataType, _ sample: [[UInt8]], options: CSVOptions) -> ColumnKind {
    switch type {
    case .integer: .integer
    case .real: .real(style(sample, options))
    case .boolean: .boolean
    case .date, .datetime, .period:
      .date(layout(sample, options) ?? DateLayout(.yearMonthDay, hasTime: type == .datetime))
    case .text: .text
    }
  }

  private static func style(_ sample: [[UInt8]], _ options: CSVOptions) -> NumberStyle {
    var best = NumberStyle(decimal: options.decimal ?? UInt8(ascii: "."))
    var most = 0
    for style in NumberStyle.candidates(options) {
      let fitting = sample.count { $0.withUnsafeBufferPointer { style.real($0) } != nil }
      if fitting > most { (best, most) = (style, fitting) }
      if most == sample.count { break }
    }
    return best
  }

  private static func layout(_ sample: [[UInt8]], _ options: CSVOptions) -> DateLayout? {
    func common(_ texts: [[UInt8]]) -> DateLayout? {
      guard case .date(var layout) = guess(texts, name: "date", options: options) else { return nil }
      layout.isPeriod = false
      return layout
    }
    if let layout = common(sample) { return layout }
    let dates = sample.filter { common([$0]) != nil }
    return common(dates) ?? dates.first.flatMap { common([$0]) }
  }
}
