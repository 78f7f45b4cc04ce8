extension JSONFormat: WritableFormat {
  /// An array of records is written as text.
  static let writtenEndings = [".jsonl", ".ndjson"]

  static func write(_ table: Table, to path: String, _ cancellation: Cancellation) throws {
    let output = try FileOutput(path)
    let writer = JSONLines(table)
    try OrderedBlocks.run(writer.blocks, cancellation) {
      writer.text($0)
    } take: {
      try output.write($0)
    }
    try output.close()
  }
}

/// The rows of a table as JSON objects, one a line. Missing values are null; dates are those of ISO 8601.
struct JSONLines: Sendable {
  private static let perBlock = 1 << 13

  /// Texts in quotes, one after another.
  private struct Quoted: Sendable {
    var bytes: [UInt8] = []
    var offsets = [0]
  }

  private let rows: Int
  private let columns: [Column]
  /// `{"name": ` or `, "name": ` of each column.
  private let names: [[UInt8]]
  /// The distinct texts of each column in quotes.
  private let texts: [Quoted?]

  init(_ table: Table) {
    rows = table.rowCount
    columns = table.columns.map(\.unpacked)
    names = table.schema.names.enumerated().map { place, name in
      Array((place == 0 ? "{" : ", ").utf8) + JSONLines.quoted(Array(name.utf8)) + Array(": ".utf8)
    }
    texts = table.columns.map { $0.dictionary.map(JSONLines.quoted) }
  }

  var blocks: Int { (rows + JSONLines.perBlock - 1) / JSONLines.perBlock }

  /// One block of lines.
  func text(_ block: Int) -> [UInt8] {
    var out: [UInt8] = []
    let start = block * JSONLines.perBlock
    for row in start..<min(rows, start + JSONLines.perBlock) {
      if columns.isEmpty { out.append(UInt8(ascii: "{")) }
      for (place, column) in columns.enumerated() {
        out += names[place]
        if column.isMissing(row) { out += "null".utf8 } else { write(place, column, row, &out) }
      }
      out += "}\n".utf8
    }
    return out
  }

  private func write(_ place: Int, _ column: Column, _ row: Int, _ out: inout [UInt8]) {
    switch column.storage {
    case .text(let codes, _):
      guard let texts = texts[place] else { return }
      let code = Int(codes[row])
      out += texts.bytes[texts.offsets[code]..<texts.offsets[code + 1]]
    case .integer(let values): out += String(values[row]).utf8
    case .real(let values): out += values[row].isFinite ? "\(values[row])".utf8 : "null".utf8
    case .boolean(let values): out += values[row] ? "true".utf8 : "false".utf8
    case .date(let days): out += "\"\(CivilDate(days: days[row]))\"".utf8
    case .datetime(let values): out += "\"\(JSONLines.moment(values[row]))\"".utf8
    case .period(let days, let grain):
      out += "\"\(Period(grain, containing: CivilDate(days: days[row])))\"".utf8
    }
  }

  /// `2011-12-09T08:26:00`, with a fraction only when there is one.
  private static func moment(_ microseconds: Int64) -> String {
    let moment = Timestamp(microseconds: microseconds)
    let time = moment.timeOfDay
    let seconds = Int(time / 1_000_000)
    let clock = "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    let fraction = time % 1_000_000
    let digits = fraction == 0 ? "" : "." + String(1_000_000 + fraction).dropFirst()
    return "\(moment.date)T\(clock)\(digits)"
  }

  private static func quoted(_ dictionary: TextDictionary) -> Quoted {
    var made = Quoted()
    for code in 0..<dictionary.count {
      made.bytes += quoted(dictionary.bytes[Int(dictionary.offsets[code])..<Int(dictionary.offsets[code + 1])])
      made.offsets.append(made.bytes.count)
    }
    return made
  }

  private static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
    var out = [UInt8(ascii: "\"")]
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 0x0a: out += "\\n".utf8
      case 0x0d: out += "\\r".utf8
      case 0x09: out += "\\t".utf8
      case ..<0x20: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
    return out
  }
}
