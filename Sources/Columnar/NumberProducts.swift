import CScan

/// Products of packed columns, such as units and prices, made of their few bytes by wide instructions.
public enum NumberProducts {
  /// Packed numbers of one, two or four bytes with a sign, and what they are to be divided by to be the values.
  public struct Factor {
    fileprivate let factor: martlet_factor

    /// Nil for other numbers. `divisor` is a power of ten, 1 for whole numbers.
    public init?(_ numbers: UnsafeRawPointer, _ lane: PackedValues.Lane, divisor: Double) {
      guard [.int8, .int16, .int32].contains(lane) else { return nil }
      factor = martlet_factor(numbers: numbers, width: UInt32(lane.width), divisor: divisor)
    }

    /// The same from a later number on.
    fileprivate func at(_ place: Int) -> martlet_factor {
      var later = factor
      later.numbers += place * Int(factor.width)
      return later
    }
  }

  /// Writes the product of each pair of values, which are rounded to doubles before, as if they were stored as such.
  public static func multiply(
    _ a: Factor, _ b: Factor, from first: Int = 0, _ count: Int, into out: UnsafeMutablePointer<Double>
  ) {
    martlet_multiply(a.at(first), b.at(first), count, out)
  }
}
