import Columnar

/// Builds an SVG document element by element. Attributes stay in the order in which they are given.
struct SVGWriter {
  private(set) var text = ""
  private var open: [String] = []

  /// An attribute's value.
  enum Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral
  {
    case words(String)
    case number(Double)

    init(stringLiteral value: String) { self = .words(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }

    var text: String {
      switch self {
      case .words(let words): SVGWriter.escape(words)
      case .number(let number): SVGWriter.number(number)
      }
    }
  }

  /// An element without children.
  mutating func element(_ name: String, _ attributes: [(String, Value?)]) {
    text += "<\(name)\(SVGWriter.list(attributes))/>\n"
  }

  /// An element with words in it.
  mutating func words(_ content: String, _ attributes: [(String, Value?)]) {
    text += "<text\(SVGWriter.list(attributes))>\(SVGWriter.escape(content))</text>\n"
  }

  /// Begins an element with children.
  mutating func begin(_ name: String, _ attributes: [(String, Value?)]) {
    text += "<\(name)\(SVGWriter.list(attributes))>\n"
    open.append(name)
  }

  /// Ends the element that was begun last.
  mutating func end() {
    guard let name = open.popLast() else { return }
    text += "</\(name)>\n"
  }

  /// An element that holds words only, such as `title`.
  mutating func note(_ name: String, _ content: String, _ attributes: [(String, Value?)] = []) {
    text += "<\(name)\(SVGWriter.list(attributes))>\(SVGWriter.escape(content))</\(name)>\n"
  }

  private static func list(_ attributes: [(String, Value?)]) -> String {
    attributes.map { name, value in value.map { " \(name)=\"\($0.text)\"" } ?? "" }.joined()
  }

  /// At most two decimals, which is finer than a pixel at double size.
  static func number(_ number: Double) -> String {
    guard number.isFinite else { return "0" }
    var digits = FixedPoint.digits(number, decimals: 2)
    while digits.hasSuffix("0") { digits.removeLast() }
    if digits.hasSuffix(".") { digits.removeLast() }
    return digits
  }

  /// The text with XML's special characters replaced; characters that XML forbids are left out.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result += " "
      default:
        guard scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF else { continue }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
