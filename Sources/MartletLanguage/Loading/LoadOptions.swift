import Columnar

/// The options of `load` as the readers understand them.
enum LoadOptions {
  /// All options of a request. Throws a `SourceError` for a value that means nothing.
  static func all(_ request: LoadRequest) throws(SourceError) -> SourceOptions {
    var options = SourceOptions()
    options.text = try csv(request)
    options.sheet = text(request, "sheet")
    options.table = text(request, "table")
    options.query = text(request, "query")
    options.path = text(request, "path")
    return options
  }

  /// The options for delimited text. Throws a `SourceError` for a value that means nothing.
  static func csv(_ request: LoadRequest) throws(SourceError) -> CSVOptions {
    var options = CSVOptions()
    if let name = text(request, "encoding") {
      guard let encoding = TextEncoding(named: name) else {
        throw .badOption(name: "encoding", value: name, choices: TextEncoding.allCases.map(\.rawValue))
      }
      options.encoding = encoding
    }
    if let sign = text(request, "delimiter") {
      options.delimiter = try byte(sign, "delimiter", [",", ";", "tab", "|"])
    }
    if let sign = text(request, "decimal") { options.decimal = try byte(sign, "decimal", [".", ","]) }
    if let order = text(request, "dates") {
      guard let dates = CSVOptions.DateOrder(rawValue: order) else {
        throw .badOption(name: "dates", value: order, choices: CSVOptions.DateOrder.allCases.map(\.rawValue))
      }
      options.dates = dates
    }
    options.types = try types(texts(request, "types"))
    if request.options["missing"] != nil { options.missing = texts(request, "missing") + [""] }
    if request.options["columns"] != nil { options.columns = texts(request, "columns") }
    if case .integer(let rows)? = request.options["rows"] { options.rows = Int(clamping: rows) }
    if case .boolean(let header)? = request.options["header"] { options.header = header }
    if text(request, "bad") == "skip" { options.badRows = .skip }
    options.baskets = request.options["baskets"] == .boolean(true)
    return options
  }

  private static func text(_ request: LoadRequest, _ name: String) -> String? {
    if case .text(let text)? = request.options[name], text != "auto" { text } else { nil }
  }

  private static func texts(_ request: LoadRequest, _ name: String) -> [String] {
    switch request.options[name] {
    case .text(let text): [text]
    case .list(let values): values.compactMap { if case .text(let t) = $0 { t } else { nil } }
    default: []
    }
  }

  private static func byte(_ sign: String, _ name: String, _ choices: [String]) throws(SourceError) -> UInt8 {
    if sign == "tab" || sign == "\\t" { return UInt8(ascii: "\t") }
    guard sign.utf8.count == 1, let byte = sign.utf8.first else {
      throw .badOption(name: name, value: sign, choices: choices)
    }
    return byte
  }

  /// `["CustomerID=text", "Price=number"]`
  private static func types(_ pairs: [String]) throws(SourceError) -> [String: DataType] {
    let known: [String: DataType] = [
      "number": .real, "integer": .integer, "text": .text, "bool": .boolean, "date": .date, "datetime": .datetime,
    ]
    var types: [String: DataType] = [:]
    for pair in pairs {
      guard let sign = pair.lastIndex(of: "="), let type = known[String(pair[pair.index(after: sign)...])] else {
        throw .badOption(name: "types", value: pair, choices: known.keys.sorted().map { "COLUMN=\($0)" })
      }
      types[String(pair[..<sign])] = type
    }
    return types
  }
}
