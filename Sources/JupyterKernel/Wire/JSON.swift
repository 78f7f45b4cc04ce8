/// A JSON text under construction. Outgoing messages are written with it; incoming ones are decoded into types.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSON])
  /// Members in the order they are written.
  case object([(String, JSON)])
  /// A text that is JSON already.
  case raw([UInt8])

  /// The value as UTF-8.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(256)
    write(to: &out)
    return out
  }

  func write(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let b): out.append(contentsOf: (b ? "true" : "false").utf8)
    case .int(let i): out.append(contentsOf: String(i).utf8)
    // JSON has no infinities.
    case .double(let d): out.append(contentsOf: (d.isFinite ? "\(d)" : "null").utf8)
    case .string(let s): JSON.write(s, to: &out)
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, (name, value)) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.write(name, to: &out)
        out.append(UInt8(ascii: ":"))
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    case .raw(let bytes): out.append(contentsOf: bytes)
    }
  }

  private static func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      // Runs of bytes that stand for themselves are copied whole.
      var begin = 0
      for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == quote || byte == backslash {
        out.append(contentsOf: bytes[begin..<index])
        escape(byte, to: &out)
        begin = index + 1
      }
      out.append(contentsOf: bytes[begin...])
    }
    out.append(UInt8(ascii: "\""))
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
    out.append(backslash)
    switch byte {
    case quote, backslash: out.append(byte)
    case UInt8(ascii: "\n"): out.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): out.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): out.append(UInt8(ascii: "t"))
    default:
      out.append(contentsOf: "u00".utf8)
      out.append(hexDigits[Int(byte >> 4)])
      out.append(hexDigits[Int(byte & 15)])
    }
  }
}

/// The sixteen lower-case digits.
let hexDigits: [UInt8] = Array("0123456789abcdef".utf8)

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A JSON string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A JSON truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A JSON number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A JSON array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// A JSON object, in the order written.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}
