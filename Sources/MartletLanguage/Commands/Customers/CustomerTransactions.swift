import Analytics
import Charts
import Columnar
import Query

/// What the customer commands read of a table of transactions: whose order it is, when, and for how much.
struct CustomerTransactions: Sendable {
  /// The customer column or expression, from `by` or the role.
  let customer: Field
  let customerName: String
  let customerIsAssumed: Bool
  let date: RoleBinding
  let order: RoleBinding?
  let amount: RoleBinding?
  let quantity: RoleBinding?
  private let customerExpr: Expr
  private let arguments: Arguments

  /// Resolves the roles. `by` names the entity when `entityClause` is set; amounts are left aside without `usesAmount`.
  init(
    _ arguments: Arguments, entityClause: Bool = true, needsAmount: Bool = true, usesAmount: Bool = true
  ) throws(Diagnostic) {
    self.arguments = arguments
    if entityClause, let item = try arguments.items(.by).first {
      customerExpr = item.expr
      customer = item.field
      customerName = item.name
      customerIsAssumed = false
    } else {
      let binding = try arguments.role(.customer)
      customerExpr = binding.expr
      customer = binding.field
      customerName = binding.name
      customerIsAssumed = binding.origin == .inferred
    }
    date = try arguments.orderDate()
    order = try arguments.roleIfAny(.order)
    if usesAmount {
      amount = needsAmount ? try arguments.role(.amount) : try arguments.roleIfAny(.amount)
      quantity = try arguments.roleIfAny(.quantity)
    } else {
      (amount, quantity) = (nil, nil)
    }
  }

  /// The roles that are plain columns.
  var columns: [Role: String] {
    var columns: [Role: String] = [:]
    if case .column(let name) = customerExpr { columns[.customer] = name }
    for case let binding? in [date, order, amount, quantity] {
      if case .column(let name) = binding.expr { columns[binding.role] = name }
    }
    return columns
  }

  /// The length of the periods that customers are followed in, at least a day.
  static func grain(_ arguments: Arguments) throws(Diagnostic) -> Grain? {
    guard let per = arguments.per else { return nil }
    if per.grain == .hour { throw .periodTooShort(at: per.range) }
    return per.grain
  }

  /// What the amounts count.
  var amountMeasure: Measure { amount?.field.measure ?? .plain }

  /// The type of summed quantities.
  var unitsType: DataType { quantity?.field.type ?? .integer }

  /// The columns that an analysis needs, as a source for its plans. What rows flow through without being stored is left to
  /// the plans, as storing the columns costs more than computing them a few times; all other steps run once, here.
  func source(_ relation: Relation, _ context: CommandContext, also: [NamedExpr] = []) throws -> TransactionSource {
    var columns = [NamedExpr("customer", customerExpr), NamedExpr("date", date.expr)]
    if let order { columns.append(NamedExpr("order", order.expr)) }
    if let amount { columns.append(NamedExpr("amount", amount.expr)) }
    if let quantity { columns.append(NamedExpr("quantity", quantity.expr)) }
    var plan = LogicalPlan.project(relation.plan, columns + also)
    if !relation.plan.isFlowing { plan = .table(try context.run(plan), name: relation.info.name) }
    return TransactionSource(
      plan, customer: .column("customer"), date: .column("date"),
      order: order.map { _ in .column("order") }, amount: amount.map { _ in .column("amount") },
      quantity: quantity.map { _ in .column("quantity") })
  }

  /// `Assumed: customer = CustomerID · order = InvoiceNo · amount = Quantity × UnitPrice · as of 2011-12-10`.
  func assumed(asOf: CivilDate?, _ more: [String] = []) -> Note? {
    var parts: [String] = []
    if customerIsAssumed, customerName != Role.customer.rawValue { parts.append("customer = \(customerName)") }
    for case let binding? in [order, date, amount] where binding.origin == .inferred {
      if binding.name != binding.role.rawValue { parts.append("\(binding.role.rawValue) = \(binding.name)") }
    }
    if order == nil { parts.append("each row is an order") }
    if let asOf { parts.append("as of \(asOf)") }
    parts += more
    return parts.isEmpty ? nil : Note(.assumed, parts.joined(separator: " · "))
  }

  /// What the rows without a customer or a date come to, and those after the day of reckoning.
  func leftOut(_ coverage: Coverage) -> [Note] {
    var notes: [Note] = []
    if coverage.rowsWithoutEntity > 0 {
      notes.append(
        Note(
          .leftOut,
          "\(Words.count(coverage.rowsWithoutEntity, "row")) without \(customerName) "
            + "(\(NumberWords.share(coverage.shareWithoutEntity)))"))
    }
    if coverage.rowsWithoutDate > 0 {
      notes.append(Note(.leftOut, "\(Words.count(coverage.rowsWithoutDate, "row")) without \(date.name)"))
    }
    return notes
  }
}

extension AnalysisCommand {
  /// Runs an analysis and puts what it throws into words.
  func explaining<T>(_ arguments: Arguments, _ work: () throws -> T) throws -> T {
    do { return try work() } catch let error as AnalysisError {
      throw Diagnostic.analysis(error, verb: arguments.spec.name, table: arguments.table.name, at: arguments.range)
    } catch let error as BasketError {
      throw Diagnostic.basket(error, at: arguments.range)
    }
  }
}
