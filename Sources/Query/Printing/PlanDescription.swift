import Columnar

extension LogicalPlan: CustomStringConvertible {
  /// The plan as an indented tree, the last step first: what `plan` shows and what optimizer tests compare.
  public var description: String {
    var lines: [String] = []
    write(&lines, depth: 0)
    return lines.joined(separator: "\n")
  }

  private func write(_ lines: inout [String], depth: Int) {
    lines.append(String(repeating: "  ", count: depth) + headline)
    for input in inputs { input.write(&lines, depth: depth + 1) }
  }

  /// The step without its inputs.
  public var headline: String {
    func list(_ items: [some CustomStringConvertible]) -> String { items.map(\.description).joined(separator: ", ") }
    switch self {
    case .table(let table, let name):
      return "table \(Expr.quoted(name)): \(table.rowCount) rows, \(table.columns.count) columns"
    case .scan(_, let schema, let name): return "scan \(Expr.quoted(name)): \(schema.fields.count) columns"
    case .filter(_, let predicate, _): return "filter \(predicate)"
    case .project(_, let items): return "project \(list(items))"
    case .aggregate(_, let keys, let aggregates):
      let by = keys.isEmpty ? "" : " by \(list(keys))"
      return aggregates.isEmpty ? "aggregate\(by)" : "aggregate \(list(aggregates))\(by)"
    case .window(_, let windows, let partition, let order):
      let by = partition.isEmpty ? "" : " by \(list(partition))"
      return "window \(list(windows))\(by)" + (order.isEmpty ? "" : " sort \(list(order))")
    case .join(_, _, let spec):
      let keys = spec.keys.map {
        $0.left == $0.right ? Expr.quoted($0.left) : "\(Expr.quoted($0.left)) = \(Expr.quoted($0.right))"
      }
      return "join \(spec.kind.rawValue) on \(keys.joined(separator: ", "))"
    case .append: return "append"
    case .sort(_, let keys): return "sort \(list(keys))"
    case .limit(_, let count): return "limit \(count)"
    case .distinct(_, let names):
      return names.isEmpty ? "distinct" : "distinct \(names.map(Expr.quoted).joined(separator: ", "))"
    }
  }
}
