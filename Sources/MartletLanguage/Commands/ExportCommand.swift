import Columnar
import Query

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `export "a.csv"`: writes the table to a file.
package struct ExportCommand: Command {
  package static let spec = CommandSpec(
    "export", summary: "Writes the table to a file.",
    doc:
      """
      The ending of the name decides the format: .csv, .tsv, .json (an array of records), .md (a Markdown table), .xlsx, \
      .jsonl, .parquet or .arrow.
      """,
    subject: SubjectSpec(.constants, 1...1, placeholder: "\"path\"", doc: "The file to write."),
    options: [
      OptionSpec("overwrite", .flag, default: "false", doc: "Whether a file of that name may be replaced.")
    ],
    examples: [
      Example(
        "The best customers as a file for a mailing.",
        "sales | segment rfm | where segment = \"Champions\" | export \"champions.csv\" overwrite=true")
    ],
    searchWords: ["save", "write", "csv", "download"],
    synonyms: [.init("to_csv", "pandas"), .init("save", "Stata"), .init("write", "R")])

  /// The formats that are text made of a whole table.
  private enum TextFormat: String, CaseIterable {
    case csv, tsv, json, md
  }

  private enum Format {
    case text(TextFormat)
    case file(any WritableFormat.Type)
  }

  /// What names of files may end in.
  static let endings =
    TextFormat.allCases.map { ".\($0.rawValue)" }
    + TableFormats.all.compactMap { $0 as? any WritableFormat.Type }.flatMap { $0.writtenEndings }

  private let path: String
  private let format: Format
  private let overwrite: Bool
  private let range: SourceRange
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    range = arguments.syntax.items[0].range
    guard case .text(let path)? = try arguments.constants().first else {
      throw .wrongType("`export`", needs: "a path in quotes", found: "another value", at: range)
    }
    if let text = TextFormat.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) {
      format = .text(text)
    } else if let file = TableFormats.writable(path) {
      format = .file(file)
    } else {
      throw .exportKind(path, at: range)
    }
    self.path = path
    overwrite = arguments.flag("overwrite")
    output = arguments.table
  }

  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    let table = try context.run(flow.relation.plan)
    let bytes = try write(table, context.cancellation)
    var next = flow
    next.relation = Relation(.table(table, name: flow.relation.info.name), flow.relation.info)
    next.presentation.receipt = "\(path): \(Words.count(table.rowCount, "row")), \(LoadNarrative.size(bytes))"
    return next
  }

  /// Writes beside the file first and renames then: a full disk or an interrupt leaves what was there. Gives the bytes.
  private func write(_ table: Table, _ cancellation: Cancellation) throws -> Int {
    if !overwrite, access(path, F_OK) == 0 { throw Diagnostic.exportExists(path, at: range) }
    let draft = path + ".part"
    do {
      switch format {
      case .text(let format): try write(table, format, to: draft, cancellation)
      case .file(let format): try format.write(table, to: draft, cancellation)
      }
    } catch {
      unlink(draft)
      // The reader knows the file by the name that was asked for.
      guard case SourceError.notWritable(_, let why) = error else { throw error }
      throw Diagnostic.exportFailed(path, why: why, at: range)
    }
    var info = stat()
    guard stat(draft, &info) == 0, rename(draft, path) == 0 else {
      let why = String(cString: strerror(errno))
      unlink(draft)
      throw Diagnostic.exportFailed(path, why: why, at: range)
    }
    return Int(info.st_size)
  }

  private func write(_ table: Table, _ format: TextFormat, to draft: String, _ cancellation: Cancellation) throws {
    guard let file = fopen(draft, "wb") else {
      throw SourceError.notWritable(path: path, why: String(cString: strerror(errno)))
    }
    var isWritten = true
    func add(_ text: String) {
      var text = text
      isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count } && isWritten
    }
    switch format {
    case .csv: CSVWriter.eachPiece(table) { if !cancellation.isCancelled { add($0) } }
    case .tsv: CSVWriter.eachPiece(table, delimiter: "\t") { if !cancellation.isCancelled { add($0) } }
    case .json: add(RecordText.json(table))
    case .md: add(RecordText.markdown(table))
    }
    let why = isWritten ? nil : String(cString: strerror(errno))
    guard fclose(file) == 0, isWritten else {
      throw SourceError.notWritable(path: path, why: why ?? String(cString: strerror(errno)))
    }
    try cancellation.check()
  }
}

/// A table as text for other programs and for documents.
enum RecordText {
  /// An array of objects, one a row.
  static func json(_ table: Table) -> String {
    let names = table.schema.names.map(quoted)
    let rows = (0..<table.rowCount).map { row in
      "{" + zip(names, table.columns).map { "\($0): \(json($1[row]))" }.joined(separator: ", ") + "}"
    }
    return "[\n" + rows.joined(separator: ",\n") + "\n]\n"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .missing: "null"
    case .integer(let i): String(i)
    case .real(let d): d.isFinite ? "\(d)" : "null"
    case .boolean(let b): b ? "true" : "false"
    default: quoted(ValueText.plain(value))
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// A Markdown table with the values as they are shown.
  static func markdown(_ table: Table) -> String {
    func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
    let header = "| " + table.schema.names.map(cell).joined(separator: " | ") + " |\n"
    let rule = "|" + table.schema.fields.map { $0.type.isNumeric ? "---:|" : "---|" }.joined() + "\n"
    let formats = zip(table.schema.fields, table.columns).map { ValueFormat($0, $1) }
    let rows = (0..<table.rowCount).map { row in
      "| " + zip(formats, table.columns).map { cell($0.text($1[row])) }.joined(separator: " | ") + " |\n"
    }
    return header + rule + rows.joined()
  }
}
