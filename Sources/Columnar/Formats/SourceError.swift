/// Why a file could not be read, as facts; the language turns them into words.
public enum SourceError: Error, Hashable, Sendable {
  /// No file matches; names of files nearby that look alike.
  case notFound(path: String, similar: [String])
  case isDirectory(path: String, files: [String])
  case notReadable(path: String, why: String)
  case empty(path: String)
  /// The file is no text: what it seems to be.
  case binary(path: String, kind: String)
  /// A compressed file ends too early or is damaged, after so many unpacked bytes and whole lines.
  case damagedArchive(path: String, format: String, unpacked: Int, lines: Int)
  /// Bytes that are not of the declared encoding; the row counts from 1 with the header. The column, and the value with the
  /// foreign bytes as `\xE9`, where they are known.
  case badEncoding(path: String, encoding: String, row: Int, column: String?, value: String?)
  /// A row has another number of fields than the header.
  case raggedRow(path: String, row: Int, expected: Int, found: Int, text: String, count: Int)
  case unclosedQuote(path: String, row: Int)
  /// A column has so many distinct texts that their bytes exceed four gigabytes.
  case tooManyTexts(path: String, column: String)
  /// A value does not have the type that was asked for.
  case badValue(path: String, row: Int, column: String, value: String, type: String)
  case unknownColumn(path: String, column: String, columns: [String])
  case badOption(name: String, value: String, choices: [String])
  /// The files of one pattern have different columns.
  case differentColumns(path: String, other: String)
  /// A file of a binary format ends too early or contradicts itself: where, and what was found there.
  case damaged(path: String, format: String, place: String, found: String)
  /// A part of a format that is not read: what it is, and what to do instead.
  case unsupported(path: String, feature: String, advice: String)
  /// A file that only a password opens.
  case locked(path: String, format: String)
  /// A workbook or database has several tables and none was named, or none of the given name. `option` is what names one.
  case chooseTable(path: String, option: String, given: String?, names: [String])
  /// A database did not do what it was asked, in its own words; never with a password.
  case database(path: String, why: String, advice: String?)
  /// A library that a format needs is not on this machine; the packages that hold it.
  case missingLibrary(path: String, library: String, debian: String, homebrew: String)
  /// A table would take more memory than there is, or took it before its last row was read. The rows are those of the whole
  /// table, or those that were read; the columns those that take most.
  case tooLarge(path: String, bytes: Int, available: Int, rows: Int, isWhole: Bool, columns: [String])
  case notWritable(path: String, why: String)
}
