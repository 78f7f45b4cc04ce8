#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few functions of the C library that charts need, so that only this file imports it.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
/// The decimal logarithm.
func logarithm(_ number: Double) -> Double { log10(number) }
/// The sine of an angle in radians.
func sine(_ angle: Double) -> Double { sin(angle) }
/// The cosine of an angle in radians.
func cosine(_ angle: Double) -> Double { cos(angle) }
