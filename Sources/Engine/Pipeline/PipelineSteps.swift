import Columnar
import Query

/// Steps that are added to a pipeline's end.
extension Pipeline {
  /// Columns computed from those before.
  func project(_ items: [NamedExpr], _ context: ExecutionContext) throws {
    let compiler = ExprCompiler(layout: layout, cancellation: context.cancellation)
    var columns: [ColumnInfo] = []
    var nodes: [any VectorNode] = []
    var sources: [Int?] = []
    for item in items {
      let field = try item.field(in: layout.schema)
      let node = try compiler.compile(item.expr, as: field.type)
      nodes.append(node)
      let column = node as? ColumnNode
      columns.append(
        ColumnInfo(
          field, dictionary: node.dictionary, hasWholeSeconds: column?.hasWholeSeconds ?? false,
          isComplete: column?.isComplete ?? false, partner: column?.partner
        ) {
          try node.range()
        })
      sources.append(column.flatMap { origins[$0.index] })
    }
    append(ProjectStage(nodes), Layout(columns), origins: sources, keepsRows: true)
  }

  /// The rows where a condition is true.
  func filter(_ predicate: Expr, label: String?, _ context: ExecutionContext) throws {
    let compiler = ExprCompiler(layout: layout, cancellation: context.cancellation)
    let stage = FilterStage(try compiler.condition(predicate), layout, label: label, context)
    append(stage, layout, origins: origins, keepsRows: false)
  }

  /// The first columns alone, as they are.
  func keepColumns(_ count: Int, _ context: ExecutionContext) throws {
    guard count < layout.columns.count else { return }
    try project(
      layout.schema.fields.prefix(count).map {
        NamedExpr($0.name, .column($0.name), measure: $0.measure, format: $0.format)
      }, context)
  }
}
