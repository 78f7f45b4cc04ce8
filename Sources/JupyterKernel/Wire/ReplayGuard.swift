/// Remembers the signatures of recent messages, so that a recorded one cannot be sent again.
struct ReplayGuard {
  private static let limit = 1 << 14
  private var recent: Set<[UInt8]> = []
  private var older: Set<[UInt8]> = []

  /// Whether no message had this signature; unsigned messages are always new.
  mutating func isNew(_ signature: [UInt8]) -> Bool {
    if signature.isEmpty { return true }
    if recent.contains(signature) || older.contains(signature) { return false }
    if recent.count >= ReplayGuard.limit {
      older = recent
      recent = []
    }
    recent.insert(signature)
    return true
  }
}
