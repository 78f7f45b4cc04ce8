/// Takes numbers of a few bits each out of bytes, least significant bit first.
enum BitUnpacking {
  /// Writes `count` numbers of `width` ≤ 32 bits that begin at a bit. Eight bytes behind the last one must be readable.
  static func unpack(
    _ base: UnsafeRawPointer, bit: Int, width: Int, count: Int, into out: UnsafeMutablePointer<UInt32>
  ) {
    var done = 0
    // Eight numbers take as many bytes as one has bits: with the width known to the compiler, all places and shifts are too.
    if bit & 7 == 0, count >= 8 {
      let from = base + (bit >> 3)
      let groups = count >> 3
      switch width {
      case 1: groupsOfEight(from, 1, groups, out)
      case 2: groupsOfEight(from, 2, groups, out)
      case 3: groupsOfEight(from, 3, groups, out)
      case 4: groupsOfEight(from, 4, groups, out)
      case 5: groupsOfEight(from, 5, groups, out)
      case 6: groupsOfEight(from, 6, groups, out)
      case 7: groupsOfEight(from, 7, groups, out)
      case 8: groupsOfEight(from, 8, groups, out)
      case 9: groupsOfEight(from, 9, groups, out)
      case 10: groupsOfEight(from, 10, groups, out)
      case 11: groupsOfEight(from, 11, groups, out)
      case 12: groupsOfEight(from, 12, groups, out)
      case 13: groupsOfEight(from, 13, groups, out)
      case 14: groupsOfEight(from, 14, groups, out)
      case 15: groupsOfEight(from, 15, groups, out)
      case 16: groupsOfEight(from, 16, groups, out)
      case 17: groupsOfEight(from, 17, groups, out)
      case 18: groupsOfEight(from, 18, groups, out)
      case 19: groupsOfEight(from, 19, groups, out)
      case 20: groupsOfEight(from, 20, groups, out)
      default: groupsOfEight(from, width, groups, out)
      }
      done = groups << 3
    }
    let mask: UInt64 = (1 << UInt64(width)) &- 1
    while done < count {
      let place = bit &+ done &* width
      let word = base.loadUnaligned(fromByteOffset: place >> 3, as: UInt64.self)
      out[done] = UInt32(truncatingIfNeeded: word.littleEndian >> UInt64(place & 7) & mask)
      done &+= 1
    }
  }

  @inline(__always)
  private static func groupsOfEight(
    _ base: UnsafeRawPointer, _ width: Int, _ groups: Int, _ out: UnsafeMutablePointer<UInt32>
  ) {
    let mask: UInt64 = (1 << UInt64(width)) &- 1
    var (from, to) = (base, out)
    for _ in 0..<groups {
      for i in 0..<8 {
        let place = i &* width
        let word = from.loadUnaligned(fromByteOffset: place >> 3, as: UInt64.self)
        to[i] = UInt32(truncatingIfNeeded: word.littleEndian >> UInt64(place & 7) & mask)
      }
      from += width
      to += 8
    }
  }

  /// Adds `count` numbers of `width` ≤ 64 bits, which begin at a byte, each on top of `least`, to a running sum that is
  /// written after each of them. Sixteen bytes behind the last one must be readable.
  static func runningSums(
    _ base: UnsafeRawPointer, width: Int, count: Int, least: Int64, _ sum: inout Int64,
    into out: UnsafeMutablePointer<Int64>
  ) {
    var running = sum
    if width == 0 {
      for i in 0..<count {
        running = running &+ least
        out[i] = running
      }
    } else if width <= 56 {
      let mask: UInt64 = (1 << UInt64(width)) &- 1
      for i in 0..<count {
        let place = i &* width
        let word = base.loadUnaligned(fromByteOffset: place >> 3, as: UInt64.self).littleEndian
        running = running &+ least &+ Int64(bitPattern: word >> UInt64(place & 7) & mask)
        out[i] = running
      }
    } else {
      let mask: UInt64 = width == 64 ? ~0 : (1 << UInt64(width)) &- 1
      for i in 0..<count {
        let place = i &* width
        let low = base.loadUnaligned(fromByteOffset: place >> 3, as: UInt64.self).littleEndian
        let high = base.loadUnaligned(fromByteOffset: place >> 3 &+ 8, as: UInt64.self).littleEndian
        // A shift by 64 gives 0, as it should.
        let word = low >> UInt64(place & 7) | high << (64 - UInt64(place & 7))
        running = running &+ least &+ Int64(bitPattern: word & mask)
        out[i] = running
      }
    }
    sum = running
  }
}
