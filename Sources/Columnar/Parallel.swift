import Dispatch
import Synchronization

/// Computes `count` results on all cores; the order of the results is that of the indices.
///
/// The work must not throw: failures are results. Cancellation is looked at before each piece; pieces not begun are left out
/// by throwing `Cancelled`.
public func parallelMap<Result: Sendable>(
  _ count: Int, cancellation: Cancellation, _ work: @Sendable (Int) -> Result
) throws(Cancelled) -> [Result] {
  if count == 1 {
    try cancellation.check()
    return [work(0)]
  }
  let results = Mutex([Result?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    if cancellation.isCancelled { return }
    let result = work(index)
    results.withLock { $0[index] = result }
  }
  try cancellation.check()
  return results.withLock { $0 }.compactMap { $0 }
}
