#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Exponentiation of constants.
enum Power {
  /// `x ^ y`; nil when there is no real result.
  static func compute(_ x: Double, _ y: Double) -> Double? {
    let result = pow(x, y)
    return result.isFinite ? result : nil
  }
}
