import Columnar
import Query

/// Guesses from names and types which column plays a role. Two equally good guesses are a tie, never a coin toss.
package enum RoleInference {
  /// What the guess came to.
  package enum Outcome: Sendable {
    case found(RoleBinding)
    case none
    case tie([String])
  }

  /// The column that plays the role in a table, as it was set or as its name and type suggest.
  package static func binding(_ role: Role, in table: TableInfo, currency: String) -> Outcome {
    if let name = table.setRoles[role], let field = table.schema[name] {
      return .found(RoleBinding(role, .column(name), name: name, field: field, origin: .set))
    }
    switch role {
    case .date: return date(table.schema)
    case .amount:
      let named = best(role, table.schema)
      guard case .none = named else { return named }
      return product(table, currency)
    default: return best(role, table.schema)
    }
  }

  /// The role that a column plays in its table, for inspection.
  package static func role(of column: String, in table: TableInfo) -> Role? { roles(in: table)[column] }

  /// The roles that columns play in their table, by their names.
  package static func roles(in table: TableInfo) -> [String: Role] {
    var roles: [String: Role] = [:]
    for role in Role.allCases {
      guard case .found(let binding) = binding(role, in: table, currency: ""), case .column(let name) = binding.expr,
        roles[name] == nil
      else { continue }
      roles[name] = role
    }
    return roles
  }

  /// Lower case without separators: `Unit_Price`, `unit price` and `UnitPrice` are one name.
  package static func normalized(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return normalizedASCII(name) }
    return String(
      String.UnicodeScalarView(
        name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }))
  }

  /// The same for names of ASCII characters, as most are: each cell asks for the roles of each column.
  private static func normalizedASCII(_ name: String) -> String {
    String(
      decoding: name.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        default: nil
        }
      }, as: UTF8.self)
  }

  /// What a row of the table stands for, when its first identifying column says so: customers, products, orders.
  static func rowNoun(_ table: TableInfo) -> String? {
    let roles = roles(in: table)
    for field in table.schema.fields.prefix(2) {
      switch roles[field.name] {
      case .customer?: return "customers"
      case .product?, .productName?: return "products"
      case .order?: return "orders"
      default: continue
      }
    }
    return nil
  }

  /// Whether a name promises a date: `order_date`, `day`.
  static func soundsLikeDate(_ name: String) -> Bool {
    let name = normalized(name)
    return name.hasSuffix("date") || name.hasPrefix("date") || ["day", "time", "timestamp", "datetime"].contains(name)
  }

  /// Whether a name speaks of buying: `order_date`, `purchased_on`.
  static func soundsLikeOrder(_ name: String) -> Bool {
    let name = normalized(name)
    return ["order", "purchase", "invoice", "transaction", "sale", "bought"].contains { name.hasPrefix($0) }
  }

  private static func date(_ schema: Schema) -> Outcome {
    let candidates = schema.fields.filter { $0.type.isTemporal }
    if let only = candidates.first, candidates.count == 1 { return found(.date, only) }
    for names in [["date"], ["day", "time", "datetime", "timestamp"], ["period"]] {
      let fitting = candidates.filter { names.contains(normalized($0.name)) }
      if let only = fitting.first, fitting.count == 1 { return found(.date, only) }
      if fitting.count > 1 { return .tie(fitting.map(\.name)) }
    }
    return candidates.isEmpty ? .none : .tie(candidates.map(\.name))
  }

  private static func best(_ role: Role, _ schema: Schema) -> Outcome {
    let known = schema.fields.map { normalized($0.name) }
    for name in names[role] ?? [] where known.contains(name) {
      let fitting = zip(schema.fields, known).filter { $1 == name && fits($0, role) }.map(\.0)
      if let only = fitting.first, fitting.count == 1 { return found(role, only) }
      if fitting.count > 1 { return .tie(fitting.map(\.name)) }
    }
    return .none
  }

  /// Quantity × price, when no column holds the amount.
  private static func product(_ table: TableInfo, _ currency: String) -> Outcome {
    guard case .found(let quantity) = binding(.quantity, in: table, currency: currency),
      case .found(let price) = binding(.price, in: table, currency: currency)
    else { return .none }
    let measure: Measure = if case .currency = price.field.measure { price.field.measure } else { .currency(currency) }
    return .found(
      RoleBinding(
        .amount, .arithmetic(.multiply, quantity.expr, price.expr), name: "\(quantity.name) × \(price.name)",
        field: Field("amount", .real, measure: measure), origin: .inferred))
  }

  private static func found(_ role: Role, _ field: Field) -> Outcome {
    .found(RoleBinding(role, .column(field.name), name: field.name, field: field, origin: .inferred))
  }

  private static func fits(_ field: Field, _ role: Role) -> Bool {
    switch role {
    case .quantity, .price, .amount, .cost, .profit, .discount, .stock: field.type.isNumeric
    case .productName, .category, .region: field.type == .text
    case .customer, .order, .product: field.type == .text || field.type.isNumeric
    case .date: field.type.isTemporal
    }
  }

  /// Names without separators, the best first.
  private static let names: [Role: [String]] = [
    .customer: [
      "customerid", "customer", "clientid", "client", "userid", "user", "customerno", "customernumber", "custid",
      "memberid", "member", "householdid", "householdkey", "buyerid", "accountid", "shopperid", "customername",
    ],
    .order: [
      "invoiceno", "orderid", "transactionid", "invoice", "invoiceid", "invoicenumber", "orderno", "ordernumber",
      "order", "transaction", "basketid", "basket", "receiptid", "receiptno", "receipt", "ticketid", "ticket", "billno",
    ],
    .product: [
      "stockcode", "sku", "productid", "productcode", "itemid", "itemcode", "articleid", "article", "upc", "asin",
      "product", "item",
    ],
    .productName: ["description", "productname", "itemname", "productdescription", "name", "product", "item", "title"],
    .quantity: ["quantity", "qty", "units", "unitssold", "quantitysold", "quantityordered", "orderquantity"],
    .price: ["unitprice", "price", "priceeach", "saleprice", "sellingprice", "listprice"],
    .amount: [
      "netamount", "revenue", "sales", "amount", "grossamount", "salesamount", "totalamount", "netsales", "netrevenue",
      "salesvalue", "linetotal", "totalprice", "total", "turnover", "spend", "lifetimevalue",
    ],
    .cost: ["cost", "totalcost", "cogs", "unitcost", "costs"],
    .profit: ["profit", "netprofit", "grossprofit"],
    .discount: ["discount", "discountamount", "discountrate", "discountpct", "discountpercent"],
    .stock: ["stocklevel", "onhand", "stock", "stockonhand", "inventory", "quantityonhand"],
    .category: ["category", "productcategory", "department", "productline", "subcategory"],
    .region: ["country", "state", "region", "city", "territory", "market"],
  ]
}

/// Gives the numbers of a freshly made table the measures that their names and roles suggest.
package enum MeasureInference {
  /// The schema with money columns in the session's currency, counts, and identifiers marked as such.
  package static func infer(_ table: TableInfo, currency: String) -> Schema {
    let roles = RoleInference.roles(in: table)
    return Schema(
      table.schema.fields.map { field in field.measure == .plain ? infer(field, roles[field.name], currency) : field })
  }

  private static func infer(_ field: Field, _ role: Role?, _ currency: String) -> Field {
    guard field.type.isNumeric else { return field }
    var field = field
    let name = RoleInference.normalized(field.name)
    switch role {
    case .price?, .amount?, .cost?, .profit?: field.measure = .currency(currency)
    case .quantity?, .stock?: field.measure = field.type == .integer ? .count : .plain
    case .customer?, .order?, .product?: field.measure = .identifier
    default:
      if money.contains(name) {
        field.measure = .currency(currency)
      } else if field.type == .integer, name == "id" || identifierEndings.contains(where: field.name.hasSuffix) {
        field.measure = .identifier
      }
    }
    return field
  }

  private static let money: Set<String> = [
    "amount", "revenue", "sales", "price", "unitprice", "cost", "profit", "netamount", "grossamount", "lifetimevalue",
    "marketingspend", "spend", "totalamount", "taxamount", "discountamount", "netsales", "turnover", "unitcost",
    "shippingcost", "annualrevenue", "netprofit", "grossprofit",
  ]
  private static let identifierEndings = ["_id", "Id", "ID", "_code", "Code", "_number", "Number", "_no", "No", "_key"]
}
