/// Regular expressions as analysts write them, in the syntax of Swift's `Regex` (close to PCRE).
public enum RegexPattern {
  /// Throws `QueryError.invalidPattern` when the text is no regular expression.
  public static func check(_ pattern: String) throws(QueryError) { _ = try compile(pattern) }

  /// The compiled pattern.
  public static func compile(_ pattern: String) throws(QueryError) -> Regex<AnyRegexOutput> {
    do {
      return try Regex(pattern)
    } catch {
      throw .invalidPattern(pattern, why: "\(error)")
    }
  }
}
