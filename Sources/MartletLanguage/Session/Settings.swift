/// What `set` changes; the same for all cells that follow.
package struct Settings: Hashable, Sendable {
  /// The symbol of money columns.
  package var currency = "£"
  /// Rows of a table that are shown.
  package var rows = 20
  /// Decimals of numbers that are not whole.
  package var decimals = 2
  /// The month, 1…12, that a business year begins with.
  package var fiscalYearStart = 1
  /// Seed of everything that is drawn at random.
  package var seed = 1

  /// The settings of a fresh session.
  package init() {}
}
