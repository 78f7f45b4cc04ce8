#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the table of a delimited file will take in memory, by looks into the file: at least, as columns widen and never narrow.
struct TableEstimate {
  /// Rows of the table.
  let rows: Int
  /// Bytes of each wanted column, by name.
  let columns: [(name: String, bytes: Int)]

  /// Bytes of all columns.
  var bytes: Int { columns.reduce(0) { $0 + $1.bytes } }

  /// A table is never larger than so many times its text: what surely fits needs no looks.
  private static let mostPerByte = 8
  private static let looks = 64
  private static let lookBytes = 1 << 15

  /// Throws `tooLarge` when the table does not fit.
  static func check(_ plan: DelimitedPlan) throws(SourceError) {
    guard let available = plan.options.memory ?? MemoryBudget.available else { return }
    let text = plan.source.expectedCount
    guard text > available / mostPerByte, plan.options.rows ?? .max > 1_000_000 || plan.options.memory != nil else {
      return
    }
    let estimate = try TableEstimate(plan, text: text)
    guard estimate.bytes > available else { return }
    let largest = estimate.columns.sorted { $0.bytes > $1.bytes }.prefix(3).filter { $0.bytes * 10 > estimate.bytes }
    throw .tooLarge(
      path: plan.path, bytes: estimate.bytes, available: available, rows: estimate.rows, isWhole: true,
      columns: largest.map(\.name))
  }

  /// Looks into the file, whose text has about so many bytes.
  init(_ plan: DelimitedPlan, text: Int) throws(SourceError) {
    let scanner = RowScanner(plan.source, plan.dialect, columns: plan.names.count)
    var samples: [[[[UInt8]]]] = []
    var bytes = 0
    let body = max(0, text - plan.bodyStart)
    let looks = plan.source.isSeekable ? TableEstimate.looks : 1
    for look in 0..<looks {
      let place = plan.bodyStart + body / looks * look
      try scanner.load(place..<(place + TableEstimate.lookBytes * (looks == 1 ? 8 : 1)))
      guard let start = look == 0 ? place : scanner.guessStart() else { continue }
      let found = scanner.rows(from: start, most: 20_000, isWhole: false)
      samples.append(found.rows.filter { $0.count == plan.names.count })
      bytes += found.next - start
    }
    let sampled = samples.reduce(0) { $0 + $1.count }
    let all = sampled > 0 ? Int(clamping: Int64(Double(body) / Double(max(1, bytes)) * Double(sampled))) : 0
    let rows = min(all, plan.options.rows ?? .max)
    self.rows = rows
    columns = plan.wanted.enumerated().map { slot, column in
      let fields = samples.map { $0.map { $0[column] } }
      let width =
        plan.kinds[slot] == .text
        ? TableEstimate.textBytes(fields, rows)
        : rows * TableEstimate.width(plan.kinds[slot], plan.scales[slot], fields)
      return (plan.names[column], width)
    }
  }

  /// Bytes of one number.
  private static func width(_ kind: ColumnKind, _ scale: Int?, _ samples: [[[UInt8]]]) -> Int {
    switch kind {
    case .boolean: return 1
    case .date: return 4
    case .text: return 0
    case .integer, .real:
      guard let scale else { return 8 }
      let factor = NumberParser.powers[scale]
      var largest = 0.0
      for field in samples.joined() {
        let number = field.withUnsafeBufferPointer { field in
          NumberStyle.integer(field).map(Double.init) ?? NumberStyle().real(field)
        }
        largest = max(largest, abs(number ?? 0) * factor)
      }
      if largest < 128 { return 1 }
      if largest < 32_768 { return 2 }
      return largest < 2_147_483_648 ? 4 : 8
    }
  }

  /// Bytes of the codes and of the distinct texts. Rows with the same text often stand together, so that not rows but runs of
  /// equal ones are counted: when `n` runs have `d` distinct texts, there are about as many in all as make `n` random draws
  /// meet `d` of them.
  private static func textBytes(_ samples: [[[UInt8]]], _ rows: Int) -> Int {
    var seen: Set<[UInt8]> = []
    var runs = 0
    var sampled = 0
    var length = 0
    for fields in samples {
      sampled += fields.count
      for (place, field) in fields.enumerated() where place == 0 || fields[place - 1] != field {
        runs += 1
        if seen.insert(field).inserted { length += field.count }
      }
    }
    guard sampled > 0, runs > 0 else { return rows }
    let allRuns = Double(rows) / Double(sampled) * Double(runs)
    let distinct = min(allRuns, population(draws: Double(runs), distinct: Double(seen.count)))
    let code = distinct <= 256 ? 1 : distinct <= 65_536 ? 2 : 4
    // An offset, a hash and its slots beside the bytes of each.
    return rows * code + Int(distinct * (Double(length) / Double(seen.count) + 20))
  }

  /// The number of things of which so many random draws meet so many distinct ones: d = D (1 − e^(−n/D)).
  private static func population(draws: Double, distinct: Double) -> Double {
    // With no repetition at all the draws only say that there are more than their square.
    let met = min(distinct, draws - 1)
    guard met > 0 else { return distinct }
    var (low, high) = (met, draws * draws)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if middle * (1 - exp(-draws / middle)) < met { low = middle } else { high = middle }
    }
    return max(distinct, low)
  }
}
