/// The messages of the E6 family: files. Alphabetical by name.
extension Diagnostic {
  static func noFile(_ path: String, at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      "E601", "there is no file `\(path)` that can be read", at: range, hint: "paths begin at the notebook's folder")
  }
}
