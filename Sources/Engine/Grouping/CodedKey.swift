import Columnar
import Query

/// A key's coder and the node whose vectors it reads, which may stand before the key's own.
struct CodedKey {
  let node: any VectorNode
  let coder: any KeyCoder
  private let joined: JoinedCodes?

  /// Nil when the key has no small codes.
  init?(_ key: any VectorNode, limit: Int) throws {
    if let period = key as? PeriodNode, !period.isEnd, let days = try period.day.range(),
      days.upperBound - days.lowerBound < 400_000
    {
      // The period's place is looked up by day or moment, without making the period first.
      let unit: PeriodCoder.Unit
      (node, unit) = PeriodCoder.input(period.day)
      coder = PeriodCoder(period.type, period.grain, days, unit)
      joined = nil
      return
    }
    if let moments = (key as? DayNode)?.moment, let seconds = SecondsNode(moments), let days = try key.range(),
      days.upperBound - days.lowerBound < 400_000
    {
      node = seconds
      coder = PeriodCoder(.date, .day, days, .seconds)
      joined = nil
      return
    }
    guard let coder = try KeyCoding.coder(for: key, limit: limit) else { return nil }
    node = key
    self.coder = coder
    joined = (key as? ColumnNode)?.partner.flatMap { JoinedCodes($0, coder) }
  }

  /// The codes as they lie in a column of texts without gaps; nil for other keys.
  func packedCodes(_ batch: any Batch) -> PackedSlice? {
    guard coder is TextCoder, let column = node as? ColumnNode, let slice = batch.packed(column.index),
      slice.validity == nil, case .codes = slice.meaning
    else { return nil }
    return slice
  }

  /// The code of each row.
  func codes(_ batch: any Batch) throws -> UnsafePointer<UInt32> {
    if let periods = coder as? PeriodCoder, node.isComplete, let bounds = node.bounds(batch),
      let place = periods.commonPlace(bounds)
    {
      let out = batch.scratch.allocate(batch.count, of: UInt32.self)
      out.update(repeating: place, count: batch.count)
      return UnsafePointer(out)
    }
    if let column = node as? ColumnNode {
      if let joined, let partner = batch.partner(column.index) { return try joined.codes(partner) }
      if let whole = coder as? WholeCoder, let slice = batch.packed(column.index),
        let codes = whole.encode(slice, batch.count, batch.scratch)
      {
        return codes
      }
    }
    return coder.encode(try node.evaluate(batch), batch.count, batch.scratch)
  }
}

/// The codes of a column that a join adds, looked up by the join's key alone.
private struct JoinedCodes {
  /// Few codes are kept in two bytes, so that those of more keys stay in the cache.
  private enum Composed {
    case narrow([UInt16])
    case wide([UInt32])
  }
  private let partners: JoinPartners
  private let composed: Composed
  private let none: UInt32

  /// Nil for joins by several keys.
  init?(_ column: PartnerColumn, _ coder: any KeyCoder) {
    partners = column.partners
    none = UInt32(coder.domain)
    let right = partners.right
    let scratch = Scratch()
    let codes = coder.encode(right.vector(column.column, from: 0), right.rowCount, scratch)
    if coder.domain <= UInt16.max, let narrow = partners.index.composed(codes, none: none, as: UInt16.self) {
      composed = .narrow(narrow)
    } else if let wide = partners.index.composed(codes, none: none, as: UInt32.self) {
      composed = .wide(wide)
    } else {
      return nil
    }
  }

  func codes(_ batch: JoinBatch) throws -> UnsafePointer<UInt32> {
    switch composed {
    case .narrow(let values): try partners.index.values(values, none: none, partners.nodes, batch.parent)
    case .wide(let values): try partners.index.values(values, none: none, partners.nodes, batch.parent)
    }
  }
}
