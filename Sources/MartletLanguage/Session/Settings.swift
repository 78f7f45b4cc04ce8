/// What `set` changes; the same for all cells that follow.
public struct Settings: Hashable, Sendable {
  /// The symbol of money columns.
  public var currency = "£"
  /// Rows of a table that are shown.
  public var rows = 20
  /// Decimals of numbers that are not whole.
  public var decimals = 2
  /// The month, 1…12, that a business year begins with.
  public var fiscalYearStart = 1
  /// Seed of everything that is drawn at random.
  public var seed = 1

  /// The settings of a fresh session.
  public init() {}
}
