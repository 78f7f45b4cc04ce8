#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The C library's functions of real numbers, behind names that do not depend on the platform.
enum CMath {
  @inline(__always) static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
  @inline(__always) static func exponential(_ x: Double) -> Double { exp(x) }
  @inline(__always) static func naturalLogarithm(_ x: Double) -> Double { log(x) }
  @inline(__always) static func decimalLogarithm(_ x: Double) -> Double { log10(x) }
}
