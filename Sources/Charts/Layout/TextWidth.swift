/// How wide words are likely to be, without asking a font: a renderer's machine may have another one.
///
/// The widths are those of a Helvetica-like face in thousandths of the type size, made a tenth wider so that the somewhat wider
/// faces of Linux fit too.
enum TextWidth {
  private static let ascii: [Double] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  // space … /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0 … ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ … O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // P … _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // ` … o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  // p … ~
  ]

  /// The width in pixels at this type size.
  static func of(_ text: String, size: Double) -> Double {
    let thousandths = text.unicodeScalars.reduce(0.0) { sum, scalar in
      let code = Int(scalar.value)
      if code >= 32, code - 32 < ascii.count { return sum + ascii[code - 32] }
      if code < 0x300 { return sum + 600 }
      return sum + (code >= 0x1100 && code < 0x2000 || code >= 0x2E80 ? 1000 : 620)
    }
    return thousandths / 1000 * size * 1.1
  }

  /// The text, cut with `…` where it is wider than this many pixels.
  static func cut(_ text: String, size: Double, to width: Double) -> String {
    guard of(text, size: size) > width else { return text }
    let room = width - of("…", size: size)
    var kept = ""
    var used = 0.0
    for character in text {
      used += of(String(character), size: size)
      guard used <= room else { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }
}
