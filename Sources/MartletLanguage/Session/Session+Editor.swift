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

  /// Whether a cell typed at a console is finished.
  package func isComplete(_ source: String) -> Completeness {
    Completeness.of(source, names: quietScope(Array(source.unicodeScalars)).parserNames)
  }

  /// A scope that reads no file and asks nobody, for answers while somebody types.
  private func quietScope(_ source: [Unicode.Scalar]) -> Scope {
    var scope = scope(LoadCache(loader: loader, cancellation: Cancellation()), source)
    scope.services.load = { request in throw Diagnostic.noFile(request.source, at: nil) }
    scope.services.readText = { _ in nil }
    return scope
  }
}
