import Analytics
import Columnar
import Query

/// Customers for `churn`: one row each behind `segment`, or added up from transactions.
struct CustomerTable: Sendable {
  /// Set when the table holds transactions.
  let transactions: CustomerTransactions?
  let customer: Field
  let amountMeasure: Measure
  private let arguments: Arguments

  /// A table is one of customers when it has the columns that `segment` makes.
  init(_ arguments: Arguments) throws(Diagnostic) {
    self.arguments = arguments
    let schema = arguments.table.schema
    if let customer = schema["customer"], schema["last_date"]?.type == .date, schema["recency_days"] != nil {
      transactions = nil
      self.customer = customer
      amountMeasure = schema["amount"]?.measure ?? .plain
    } else {
      let roles = try CustomerTransactions(arguments, entityClause: false, needsAmount: false)
      transactions = roles
      customer = Field("customer", roles.customer.type, measure: roles.customer.measure)
      amountMeasure = roles.amountMeasure
    }
  }

  /// What was read: the rows, the day of reckoning, the order in which groups are shown, and what was left out.
  struct Customers {
    var rows: Churn.Customers
    var asOf: CivilDate
    var groupOrder: [String]
    var leftOut: [Note]
  }

  /// Reads or adds up the customers.
  func customers(_ input: Relation, _ context: CommandContext, group: ResolvedItem?, asOf: CivilDate?) throws
    -> Customers
  {
    if let transactions { return try added(transactions, input, context, group: group, asOf: asOf) }
    var columns = ["customer", "last_date", "recency_days"].map { NamedExpr($0, .column($0)) }
    if arguments.table.schema["amount"] != nil { columns.append(NamedExpr("amount", .column("amount"))) }
    if let group { columns.append(NamedExpr("group", group.expr)) }
    let table = try context.run(.project(input.plan, columns))
    guard let keys = table["customer"], let last = table["last_date"], let recency = table["recency_days"] else {
      throw AnalysisError.engineLeftOut(column: "last_date")
    }
    let days = (0..<table.rowCount).map { row -> Int32? in if case .date(let day) = last[row] { day.days } else { nil }
    }
    // The table was made on its own day of reckoning, which each row with an order can tell.
    let reckoned = (0..<table.rowCount).lazy.compactMap { row -> CivilDate? in
      guard let day = days[row], case .integer(let gap) = recency[row], let gap = Int32(exactly: gap) else {
        return nil
      }
      return CivilDate(days: day &+ gap)
    }.first
    guard let day = asOf ?? reckoned else { throw AnalysisError.noRows }
    let amounts = table["amount"].map { column in (0..<table.rowCount).map { column[$0].number ?? 0 } }
    let never = days.count { $0 == nil }
    let grouping = group.flatMap { group in table["group"].map { (field: group.field, column: $0) } }
    return Customers(
      rows: Churn.Customers(
        keys: keys, lastDay: days, amount: amounts ?? [Double](repeating: 0, count: table.rowCount), group: grouping),
      asOf: day, groupOrder: groupOrder(input),
      leftOut: never > 0 ? [Note(.leftOut, "\(Words.count(never, "customer")) who never ordered")] : [])
  }

  /// Segments in their own order rather than in that of the first customer.
  private func groupOrder(_ input: Relation) -> [String] {
    guard case .table(let table, _) = input.plan, let column = table["segment"],
      let dictionary = column.dictionary
    else { return [] }
    return dictionary.texts
  }

  private func added(
    _ roles: CustomerTransactions, _ input: Relation, _ context: CommandContext, group: ResolvedItem?, asOf: CivilDate?
  ) throws -> Customers {
    let source = try roles.source(input, context, also: group.map { [NamedExpr("group", $0.expr)] } ?? [])
    let history = try CustomerHistory(
      source, asOf: asOf, engine: context, cancellation: context.cancellation)
    var grouping: (field: Field, column: Column)?
    if let group {
      let latest = LogicalPlan.sort(
        .aggregate(
          .sort(source.complete, [SortKey(source.date)]), keys: [NamedExpr("customer", source.customer)],
          [NamedAggregate("group", .last, [.column("group")])]), [SortKey(.column("customer"))])
      let table = try context.run(latest, cancellation: context.cancellation).table
      if let column = table["group"], column.count == history.count { grouping = (group.field, column) }
    }
    return Customers(
      rows: Churn.Customers(
        keys: history.customers, lastDay: history.lastDay.map { $0 }, amount: history.amount, group: grouping),
      asOf: history.asOf, groupOrder: [], leftOut: roles.leftOut(history.coverage))
  }

  /// The order days behind the customers: of the transactions, or of those that `segment` looked at.
  func orders(_ input: Relation, _ context: CommandContext) throws -> OrderDays? {
    if let transactions {
      return try OrderDays(
        try transactions.source(input, context), engine: context, cancellation: context.cancellation)
    }
    guard let origin = SegmentOrigin(input.info, arguments) else { return nil }
    return try OrderDays(try origin.source(context), engine: context, cancellation: context.cancellation)
  }

  /// The `Assumed` note.
  func assumed(asOf: CivilDate?, _ more: [String]) -> Note? {
    if let transactions { return transactions.assumed(asOf: asOf, more) }
    // The table's own notes say which day it counts from.
    return more.isEmpty ? nil : Note(.assumed, more.joined(separator: " · "))
  }
}

/// The transactions that a table of segments was made from, with their roles found anew.
struct SegmentOrigin {
  private let relation: Relation
  private let customer: RoleBinding
  private let date: RoleBinding
  private let order: RoleBinding?
  let amount: RoleBinding?

  /// Nil when the table did not come out of `segment`, or its source names no customer or date.
  init?(_ info: TableInfo, _ arguments: Arguments) {
    var lineage = info.lineage
    var steps = 0
    while let current = lineage, current.command != SegmentCommand.spec.name, steps < 20 {
      lineage = current.input.info.lineage
      steps += 1
    }
    guard let lineage else { return nil }
    relation = lineage.input
    let currency = arguments.settings.currency
    func role(_ role: Role) -> RoleBinding? {
      if case .found(let binding) = RoleInference.binding(role, in: lineage.input.info, currency: currency) {
        return binding
      }
      return nil
    }
    guard let customer = role(.customer), let date = role(.date) else { return nil }
    self.customer = customer
    self.date = date
    order = role(.order)
    amount = role(.amount)
  }

  /// The columns that an analysis needs.
  func source(_ context: CommandContext) throws -> TransactionSource {
    var columns = [NamedExpr("customer", customer.expr), NamedExpr("date", date.expr)]
    if let order { columns.append(NamedExpr("order", order.expr)) }
    if let amount { columns.append(NamedExpr("amount", amount.expr)) }
    let table = try context.run(.project(relation.plan, columns))
    return TransactionSource(
      .table(table, name: relation.info.name), customer: .column("customer"), date: .column("date"),
      order: order.map { _ in .column("order") }, amount: amount.map { _ in .column("amount") })
  }
}
