import Columnar
import Query

/// `load "sales.csv"`: reads files into tables.
package struct LoadCommand: Command {
  package static let spec = CommandSpec(
    "load", summary: "Reads a file, or all files of a pattern, into a table.",
    doc: """
      Reads CSV, TSV and JSON (.jsonl, .json), plain or packed with gzip or zstd, Excel workbooks (.xlsx), Parquet and Arrow \
      (.arrow, .feather). Encoding, delimiter, decimal sign, types and the order of day and month are found out from the \
      whole file and reported on the load card. Files of one pattern with the same columns become one table; with different \
      columns each becomes a table named after its file. A row with another number of fields is an error unless bad=skip. \
      Also reads SQLite files, and PostgreSQL at postgres://user@host/database with table= or query=; passwords are never \
      shown, and may come from PGPASSWORD or ~/.pgpass.
      """,
    input: .none,
    subject: SubjectSpec(
      .constants, 1...1, placeholder: "\"path\"", doc: "A file or a pattern such as \"sales/*.csv\"."),
    clauses: [ClauseSpec(.as, .labels, placeholder: "NAME", doc: "A name for the table.", default: "the file's name")],
    options: [
      OptionSpec("encoding", .text, default: "\"auto\"", doc: "UTF-8, UTF-16, ISO-8859-1 or Windows-1252."),
      OptionSpec(
        "delimiter", .text, default: "\"auto\"", doc: "The sign between fields: \",\", \";\", \"tab\" or \"|\"."),
      OptionSpec("decimal", .text, default: "\"auto\"", doc: "The decimal sign, \".\" or \",\"."),
      OptionSpec(
        "dates", .word(["auto", "dmy", "mdy", "ymd"]), default: "auto", doc: "The order of day, month and year."),
      OptionSpec("types", .texts, doc: "Types of columns, such as [\"CustomerID=text\"]."),
      OptionSpec("missing", .texts, doc: "Texts that mean missing: by default empty, NA, N/A and null."),
      OptionSpec("columns", .texts, doc: "Read these columns only."),
      OptionSpec("rows", .integer(0...1_000_000_000), doc: "Read no more rows than this."),
      OptionSpec("header", .flag, doc: "Whether the first row names the columns; found out when left out."),
      OptionSpec(
        "bad", .word(["fail", "skip"]), default: "fail", doc: "What to do with rows that have another number of fields."
      ),
      OptionSpec("sheet", .text, doc: "The sheet of a workbook: its name, or its number from \"1\"."),
      OptionSpec("table", .text, doc: "The table of a database."),
      OptionSpec("query", .text, doc: "What to ask a database, in its SQL."),
      OptionSpec("path", .text, doc: "Where the records stand in a JSON document, such as \"data.items\"."),
      OptionSpec(
        "baskets", .flag, default: "false",
        doc: "Each line is a basket of items, without a header: the table gets the columns order and item."),
    ],
    examples: [
      Example("Read a file; the card says how it was read.", "sales = load \"company/sales_transactions.csv\""),
      Example("All files of a folder, each a table of its own.", "load \"company/*.csv\""),
    ],
    searchWords: ["read", "open", "import", "csv", "file"],
    synonyms: [.init("read_csv", "pandas"), .init("import", "Stata"), .init("read", "R"), .init("from", "SQL")])

  private let request: LoadRequest
  private let tables: [LoadedTable]
  /// The table, when its rows are read by the commands behind this one.
  private let scanned: ScannedTable?
  private let infos: [TableInfo]
  package let output: TableInfo?

  package init(checking arguments: Arguments) throws(Diagnostic) {
    guard case .text(let path)? = try arguments.constants().first else {
      throw .wrongType("`load`", needs: "a path in quotes", found: "another value", at: arguments.syntax.items[0].range)
    }
    var options: [String: Value] = [:]
    for option in Self.spec.options where arguments.isGiven(option.name) {
      options[option.name] = arguments.value(option.name)
    }
    request = LoadRequest(path, options: options, range: arguments.syntax.items[0].value.range)
    // Reading is part of checking: only the file knows its columns. What is read here is what runs.
    let name = try arguments.labels(.as).first
    var later: ScannedTable?
    var now: [LoadedTable] = []
    do {
      later = name == nil ? try arguments.scan(request) : nil
      if later == nil { now = try arguments.load(request) }
    } catch let error as Diagnostic {
      throw error
    } catch is Cancelled {
      // The session sees the raised flag; nothing else may be said of a file that was not read.
    } catch {
      throw Diagnostic("E603", "`\(path)` cannot be read: \(error)", at: request.range)
    }
    (scanned, tables) = (later, now)
    if name != nil, tables.count > 1 {
      throw Diagnostic(
        "E614", "`\(path)` holds \(tables.count) different tables", at: arguments.range(of: .as),
        hint: "leave `as` out: each is named after its file")
    }
    let found = scanned.map { [($0.name, $0.scan.schema)] } ?? tables.map { ($0.name, $0.table.schema) }
    infos = found.map { ownName, schema in
      var info = TableInfo(name: name ?? ownName, schema: schema)
      info.schema = MeasureInference.infer(info, currency: arguments.settings.currency)
      return info
    }
    output = infos.count == 1 ? infos[0] : nil
  }

  package var effects: [SessionEffect] { infos.map { .define($0.name, $0) } }

  package func run(_ flow: Flow, _ context: CommandContext) throws -> Flow {
    var next = flow
    if let scanned, let info = output {
      context.postpone(info, request)
      context.noteLater { scanned.notes() }
      next.presentation.logs.append(
        CaptionedTable("How \(info.name) was read", LoadNarrative.card(info, scanned.facts)))
      next.relation = Relation(.scan(scanned.scan, info.schema, name: info.name), info)
      next.presentation.rows = 5
      return next
    }
    for (info, loaded) in zip(infos, tables) {
      context.define(info, loaded.table.with(schema: info.schema), origin: "load \"\(request.source)\"")
      next.presentation.notes += loaded.notes
    }
    guard let info = output, let only = tables.first else {
      let cards = LoadNarrative.cards(infos, tables)
      next.presentation.receipt = LoadNarrative.receipt(infos, tables)
      next.presentation.logs.append(CaptionedTable("How the files were read", cards.table))
      if let shared = cards.shared { next.presentation.notes.append(shared) }
      return next
    }
    next.presentation.logs.append(
      CaptionedTable(LoadNarrative.caption(info, only), LoadNarrative.card(info, only)))
    next.relation = Relation(.table(only.table.with(schema: info.schema), name: info.name), info)
    next.presentation.headline = LoadNarrative.headline(info, only)
    next.presentation.rows = 5
    return next
  }
}
