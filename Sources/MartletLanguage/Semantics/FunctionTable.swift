import Query

/// A function of expressions: what completion, inspection and the checker know of it.
package struct FunctionSpec: Sendable {
  /// How it is called.
  package var signature: FunctionSignature
  package var kind: Kind

  package var name: String { signature.name }

  /// Where a function may stand.
  package enum Kind: String, Sendable {
    /// Looks at one row.
    case scalar
    /// Looks at many rows and gives one value.
    case aggregate
    /// Looks at a row and its neighbours; in `add` and on the groups of `summarize`.
    case window
    /// Asks the reader.
    case input
    /// Tells about the session.
    case session
  }
}

/// The one table of functions: those of the engines, and what the language adds.
package enum FunctionTable {
  /// All functions in the order of the reference.
  package static let all: [FunctionSpec] =
    AggregateFunction.offered.map { FunctionSpec(signature: $0.signature, kind: .aggregate) }
    + ScalarFunction.offered.map { FunctionSpec(signature: $0.signature, kind: .scalar) }
    + windows.map { FunctionSpec(signature: $0, kind: .window) }
    + [
      FunctionSpec(
        signature: FunctionSignature(
          "ask",
          [FunctionParameter("prompt", .textConstant), FunctionParameter("password", .condition, optional: true)],
          "text", "a line of text from the reader of the notebook", example: "ask(\"Which country?\")"), kind: .input),
      FunctionSpec(
        signature: FunctionSignature(
          "folder", [], "text", "the folder that the paths of `load` and `export` begin at", example: "folder()"),
        kind: .session),
    ]

  /// In a cell, the ranks may name what they rank by: `rank(amount)` needs no `sort`.
  private static let windows: [FunctionSignature] = WindowFunction.signatures.map { signature in
    var signature = signature
    guard ["rank", "dense_rank", "percent_rank"].contains(signature.name) else { return signature }
    signature.parameters = [FunctionParameter("x", .value, optional: true)]
    signature.example = "\(signature.name)(amount)"
    return signature
  }

  /// Their names.
  package static let names = Set(all.map(\.name))

  /// The function with this name.
  package static func function(_ name: String) -> FunctionSpec? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
