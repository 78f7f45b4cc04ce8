/// Eclat on bitmaps: each item is a row of bits, one an order, and a set's orders are the and of its items' rows.
struct BitmapSearch {
  private let context: SearchContext

  init(_ context: SearchContext) { self.context = context }

  /// Appends all frequent sets of three and more items that hold the prefix.
  func run(_ orders: ProjectedOrders, prefix: [UInt32], into result: inout ItemSetBuffer) {
    let words = (orders.ends.count + 63) / 64
    var bits = [UInt64](repeating: 0, count: words * context.partners.count)
    var begin = 0
    for (order, end) in orders.ends.enumerated() {
      for i in begin..<end { bits[Int(orders.items[i]) * words + order >> 6] |= 1 << UInt64(order & 63) }
      begin = end
    }
    extend(prefix, by: context.partners, bits: bits, words: words, into: &result)
  }

  /// Joins each pair of rows; what is frequent is a set, and the rows to go on with.
  private func extend(
    _ prefix: [UInt32], by items: [UInt32], bits: [UInt64], words: Int, into result: inout ItemSetBuffer
  ) {
    guard prefix.count + 2 <= context.maxItems else { return }
    var joined = [UInt64](repeating: 0, count: words * max(items.count - 1, 0))
    for i in items.indices.dropFirst() {
      var partners: [UInt32] = []
      let longer = prefix + [items[i]]
      for j in 0..<i {
        let count = intersect(bits, i * words, j * words, words: words, into: &joined, at: partners.count * words)
        guard count >= context.minimumCount else { continue }
        partners.append(items[j])
        result.append(prefix: longer, last: items[j], count: count)
      }
      guard context.control.add(partners.count) else { return }
      if partners.count > 1 {
        extend(longer, by: partners, bits: joined, words: words, into: &result)
      }
    }
  }

  private func intersect(
    _ bits: [UInt64], _ a: Int, _ b: Int, words: Int, into target: inout [UInt64], at position: Int
  ) -> Int {
    bits.withUnsafeBufferPointer { bits in
      target.withUnsafeMutableBufferPointer { target in
        var count = 0
        for k in 0..<words {
          let both = bits[a + k] & bits[b + k]
          target[position + k] = both
          count &+= both.nonzeroBitCount
        }
        return count
      }
    }
  }
}
