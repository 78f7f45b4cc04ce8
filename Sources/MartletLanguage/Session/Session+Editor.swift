import Columnar

extension Session {
  /// What can be written at the cursor, which counts Unicode scalars.
  package func complete(_ source: String, cursor: Int) -> Completion {
    let scalars = Array(source.unicodeScalars)
    let context = CursorContext(scalars, cursor: cursor, scope: quietScope(scalars))
    return Completer(context: context, session: snapshot, loader: loader).complete()
  }

  /// What is known of the word under the cursor; nil when nothing is.
  package func inspect(_ source: String, cursor: Int) -> Inspection? {
    let scalars = Array(source.unicodeScalars)
    return Inspector(scope: quietScope(scalars), session: snapshot).inspect(scalars, cursor: cursor)
  }

  /// What a cell that is only a name and a question mark, such as `segment?`, asks for; nil when the cell is another.
  package func answer(to source: String) -> Inspection? {
    let words = source.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let word = words.first, word.last == "?" else { return nil }
    let name = word.dropLast().unicodeScalars
    guard !name.isEmpty,
      name.allSatisfy({ $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" })
    else {
      return nil
    }
    return inspect(String(word.dropLast()), cursor: name.count)
  }

  /// Whether a cell typed at a console is finished.
  package func isComplete(_ source: String) -> Completeness {
    Completeness.of(source, names: quietScope(Array(source.unicodeScalars)).parserNames)
  }

  /// The columns that a cell of one pipeline will give, as checking knows them; nil when it does not pass.
  package func promisedColumns(of source: String) -> Schema? {
    let scalars = Array(source.unicodeScalars)
    let scope = scope(LoadCache(loader: loader, cancellation: Cancellation()), scalars)
    let parsed = Parser.parse(scalars, Lexer.read(scalars), names: scope.parserNames)
    guard parsed.diagnostics.isEmpty, parsed.cell.statements.count == 1 else { return nil }
    var checker = CellChecker(scope)
    guard case .pipeline(let pipeline, _)? = checker.check(parsed.cell).first else { return nil }
    return pipeline.output?.schema
  }

  /// A scope that reads no file and asks nobody, for answers while somebody types.
  private func quietScope(_ source: [Unicode.Scalar]) -> Scope {
    var scope = scope(LoadCache(loader: loader, cancellation: Cancellation()), source)
    scope.services.load = { request in throw Diagnostic.noFile(request.source, at: nil) }
    scope.services.readText = { _ in nil }
    return scope
  }
}
