import Columnar
import Query

/// What a column means to an analysis, whatever it is called.
public enum Role: String, CaseIterable, Hashable, Sendable {
  case date, customer, order, product
  case productName = "product_name"
  case quantity, price, amount, cost, profit, discount, stock, category, region
}

/// The column, or formula over columns, that plays a role in a table.
public struct RoleBinding: Hashable, Sendable {
  /// How the binding came about.
  public enum Origin: String, Hashable, Sendable {
    case set
    case inferred
    case option
  }

  public var role: Role
  /// A column, or for `amount` perhaps quantity × price.
  public var expr: Expr
  /// How the expression reads: `CustomerID`, `Quantity × UnitPrice`.
  public var name: String
  /// Type and measure of the values; its name is the role's own name unless the role is one column.
  public var field: Field
  public var origin: Origin

  /// Binds a role.
  public init(_ role: Role, _ expr: Expr, name: String, field: Field, origin: Origin) {
    self.role = role
    self.expr = expr
    self.name = name
    self.field = field
    self.origin = origin
  }
}
