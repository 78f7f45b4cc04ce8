/// The pieces of a source that threads read: all of one size, from the first row on.
struct SourcePieces: Sendable {
  private let source: any ByteSource
  private let start: Int
  private let size: Int
  private let end: Int
  /// The number of pieces, or more than there will be when nobody has seen the end.
  let most: Int

  /// The pieces of a plan's source.
  init(_ plan: DelimitedPlan) {
    source = plan.source
    start = plan.bodyStart
    size = max(1, plan.options.chunkBytes)
    end = source.count
    most = end == .max ? .max : max(1, (end - start) / size + ((end - start) % size > 0 ? 1 : 0))
  }

  /// The bytes of a piece; nil when the source has ended before it.
  func range(_ index: Int) throws(SourceError) -> Range<Int>? {
    let begin = start + index * size
    if end != .max { return begin..<(index == most - 1 ? end : begin + size) }
    // The first piece is there in an empty source too.
    if index > 0, try !source.reaches(begin) { return nil }
    return begin..<(begin + size)
  }
}
