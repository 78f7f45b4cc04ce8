import Columnar
import Query

/// What a column means to an analysis, whatever it is called.
package enum Role: String, CaseIterable, Hashable, Sendable {
  case date, customer, order, product
  case productName = "product_name"
  case quantity, price, amount, cost, profit, discount, stock, category, region

  /// What one adds up, the commonest first.
  static let measures: [Role] = [.amount, .profit, .quantity]
}

/// The column, or formula over columns, that plays a role in a table.
package struct RoleBinding: Hashable, Sendable {
  /// How the binding came about.
  package enum Origin: String, Hashable, Sendable {
    case set
    case inferred
    case option
  }

  package var role: Role
  /// A column, or for `amount` perhaps quantity × price.
  package var expr: Expr
  /// How the expression reads: `CustomerID`, `Quantity × UnitPrice`.
  package var name: String
  /// Type and measure of the values; its name is the role's own name unless the role is one column.
  package var field: Field
  package var origin: Origin

  /// Binds a role.
  package init(_ role: Role, _ expr: Expr, name: String, field: Field, origin: Origin) {
    self.role = role
    self.expr = expr
    self.name = name
    self.field = field
    self.origin = origin
  }
}
