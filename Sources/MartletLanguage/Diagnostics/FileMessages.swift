import Columnar

/// The messages of the E6 family: files.
extension Diagnostic {
  /// What is wrong with a file, and what to do about it.
  static func source(_ error: SourceError, at range: SourceRange?) -> Diagnostic {
    switch error {
    case .notFound(let path, let similar):
      Diagnostic(
        "E601", "there is no file `\(path)`", at: range,
        hint: similar.isEmpty
          ? "paths are relative to the notebook's folder"
          : "did you mean \(NumberWords.list(similar.prefix(3).map { "`\($0)`" }))?")
    case .isDirectory(let path, let files):
      Diagnostic(
        "E602", "`\(path)` is a folder, not a file", at: range,
        hint: files.isEmpty
          ? "it holds no file that a table could be read from"
          : "name a file in it, or all of a kind: load \"\(folder(path))*.csv\"",
        details: files.isEmpty ? [] : ["files: \(files.joined(separator: ", "))"])
    case .notReadable(let path, let why):
      Diagnostic("E603", "`\(path)` cannot be read: \(why.lowercased())", at: range)
    case .empty(let path):
      Diagnostic("E604", "`\(path)` is empty", at: range, hint: "was it saved, or is it still being written?")
    case .binary(let path, let kind):
      Diagnostic(
        "E605", "`\(path)` is \(kind), not delimited text", at: range,
        hint: "save it as CSV, or name the file that holds the table")
    case .damagedArchive(let path, let format, let unpacked, let lines):
      Diagnostic(
        "E606",
        "`\(path)` is damaged: its \(format) data end or break after \(Words.grouped(unpacked)) unpacked bytes, "
          + "in row \(Words.grouped(lines + 1))", at: range, hint: "copy or download it again")
    case .badEncoding(let path, let encoding, let row, let column, let value):
      Diagnostic(
        "E607",
        "`\(path)`, row \(Words.grouped(row))\(column.map { ", column `\($0)`" } ?? ""): "
          + (value.map { "\"\($0)\" is not \(encoding)" } ?? "bytes that are not \(encoding)"), at: range,
        hint: "leave `encoding` out to have it detected, or try encoding=\"Windows-1252\"")
    case .raggedRow(let path, let row, let expected, let found, let text, let count):
      Diagnostic(
        "E608",
        "`\(path)`, row \(Words.grouped(row)): \(Words.count(found, "field")) where the header has \(Words.grouped(expected))",
        at: range,
        hint:
          "\(Words.count(count, "such row")); bad=skip leaves \(count == 1 ? "it" : "them") out and counts \(count == 1 ? "it" : "them"), baskets=true reads each line as a basket of items",
        details: ["row \(Words.grouped(row)): \(text)"])
    case .unclosedQuote(let path, let row):
      Diagnostic(
        "E609", "`\(path)`, row \(Words.grouped(row)): a quote is opened and never closed", at: range,
        hint: "close it or double it (\"\") in the file")
    case .tooManyTexts(let path, let column):
      Diagnostic(
        "E615", "`\(path)`: the texts of column `\(column)` are too many and too long to be held in memory", at: range,
        hint: "leave the column out: columns=[…] names those to read")
    case .badValue(let path, let row, let column, let value, let type):
      Diagnostic(
        "E610", "`\(path)`, row \(Words.grouped(row)), column `\(column)`: \"\(value)\" is not \(Words.article(type))",
        at: range, hint: "leave `\(column)` out of types, or add the value to missing=[…]")
    case .unknownColumn(let path, let column, let columns):
      Diagnostic(
        "E611", "`\(path)` has no column `\(column)`", at: range,
        hint: Nearest.name(to: column, in: columns).map { "did you mean `\($0)`?" },
        details: ["columns: \(Words.list(columns, limit: 20))"])
    case .badOption(let name, let value, let choices):
      Diagnostic(
        "E612", "\(name)=\"\(value)\" means nothing here", at: range,
        hint: "it may be \(choices.joined(separator: ", ")), or left out")
    case .differentColumns(let path, let other):
      Diagnostic(
        "E613", "`\(path)` and `\(other)` have the same columns with different types", at: range,
        hint: "say what they are: types=[\"COLUMN=text\"]")
    case .damaged(let path, let format, let place, let found):
      Diagnostic(
        "E616", "`\(path)` is a damaged \(format) file: \(place) \(found)", at: range,
        hint: "copy or download it again, or have it written anew")
    case .unsupported(let path, let feature, let advice):
      Diagnostic("E617", "`\(path)` has \(feature), which cannot be read", at: range, hint: advice)
    case .locked(let path, let format):
      Diagnostic(
        "E618", "`\(path)` is \(Words.article(format)) with a password", at: range,
        hint: "open it, save a copy without a password, and load the copy")
    case .chooseTable(let path, let option, let given, let names):
      Diagnostic(
        "E619",
        given.map { "`\(path)` has no \(option) \"\($0)\"" }
          ?? "`\(path)` holds \(Words.count(names.count, option)): which one?", at: range,
        hint: names.isEmpty
          ? "it holds none"
          : "\(option)=\"\(given.flatMap { Nearest.name(to: $0, in: names) } ?? names[0])\"",
        details: names.isEmpty ? [] : ["\(option)s: \(Words.list(names, limit: 20))"])
    case .database(let path, let why, let advice):
      Diagnostic("E623", "`\(path)`: \(why)", at: range, hint: advice)
    case .missingLibrary(let path, let library, let debian, let homebrew):
      Diagnostic(
        "E624", "`\(path)` needs \(library), which is not installed", at: range,
        hint: "apt-get install \(debian), or brew install \(homebrew)")
    case .tooLarge(let path, let bytes, let available, let rows, let isWhole, let columns):
      Diagnostic(
        "E625",
        isWhole
          ? "`\(path)` would take about \(LoadNarrative.size(bytes)) of memory for \(Words.count(rows, "row")), "
            + "and \(LoadNarrative.size(available)) are free"
          : "`\(path)` takes more than the \(LoadNarrative.size(available)) of memory that were free: "
            + "\(LoadNarrative.size(bytes)) for the first \(Words.count(rows, "row"))", at: range,
        hint: "columns=[…] or rows= reads less of it"
          + (isWhole ? "; load … | summarize … reads only what it needs" : ""),
        details: columns.isEmpty ? [] : ["largest: \(columns.joined(separator: ", "))"])
    case .notWritable(let path, let why):
      Diagnostic("E621", "`\(path)` cannot be written: \(why.lowercased())", at: range)
    }
  }

  static func exportExists(_ path: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E620", "`\(path)` exists already", at: range, hint: "overwrite=true replaces it")
  }

  static func exportFailed(_ path: String, why: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("E621", "`\(path)` cannot be written: \(why.lowercased())", at: range)
  }

  static func exportKind(_ path: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "E622", "no format goes with `\(path)`", at: range,
      hint: "end the name in \(NumberWords.list(ExportCommand.endings, last: "or"))")
  }

  static func noFile(_ path: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      "E601", "there is no file `\(path)` that can be read", at: range, hint: "paths begin at the notebook's folder")
  }

  private static func folder(_ path: String) -> String { path == "." ? "" : path.hasSuffix("/") ? path : path + "/" }
}
