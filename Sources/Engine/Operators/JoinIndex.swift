import Columnar
import Query

/// Finds the right rows of a join by key: an array over codes where keys are texts or numbers of a small range, a hash
/// table otherwise.
final class JoinIndex {
  /// The row of each right group: the group's first row.
  private(set) var firstRows: [Int32] = []
  /// The group of each right row; -1 for rows with a missing key.
  private(set) var groupOfRow: [Int32]
  /// Whether no key repeats on the right side; then groups are numbered by their rows.
  private(set) var isUnique = false
  private(set) var groupCount = 0

  private let matchers: [KeyMatcher]
  /// For one key: the group of each of the matcher's left codes.
  private var groupOfCode: [Int32] = []
  /// For several keys: the group of a combination of codes.
  private var groupOfPacked = HashIndex()
  private let factors: [UInt64]

  /// `leftNodes` and `rightNodes` are the keys in common types.
  init(
    left leftNodes: [any VectorNode], right rightNodes: [any VectorNode], _ table: Pipeline, _ context: ExecutionContext
  ) throws {
    let rows = table.source.rowCount
    guard rows < Int(Int32.max) else { throw QueryError.other("the right side of a join has more than 2^31 rows") }
    var matchers: [KeyMatcher] = []
    for (left, right) in zip(leftNodes, rightNodes) {
      matchers.append(try KeyMatcher(left: left, right: right, table, context))
    }
    var factors: [UInt64] = []
    var product: UInt64 = 1
    for matcher in matchers {
      factors.append(product)
      let (next, overflow) = product.multipliedReportingOverflow(by: UInt64(matcher.domain + 1))
      if overflow { throw QueryError.other("the keys of this join have too many combinations") }
      product = next
    }
    self.matchers = matchers
    self.factors = factors
    groupOfRow = Array(repeating: -1, count: rows)
    if matchers.count == 1 { groupOfCode = Array(repeating: -1, count: matchers[0].domain + 1) }
    try group(rightNodes, table, context)
    groupCount = firstRows.count
    isUnique = firstRows.count == groupOfRow.count { $0 >= 0 }
    if isUnique { numberByRow() }
    if matchers.count == 1 { groupOfCode = matchers[0].forLeftCodes(groupOfCode) }
  }

  /// Where no key repeats, a group is its row: one look-up less for each left row.
  private func numberByRow() {
    firstRows.withUnsafeBufferPointer { rows in
      groupOfCode = groupOfCode.map { $0 < 0 ? -1 : rows[Int($0)] }
    }
    groupOfPacked.mapValues { firstRows[Int($0)] }
    for row in groupOfRow.indices where groupOfRow[row] >= 0 { groupOfRow[row] = Int32(row) }
    groupCount = groupOfRow.count
  }

  private func group(_ nodes: [any VectorNode], _ table: Pipeline, _ context: ExecutionContext) throws {
    for index in 0..<table.batchCount {
      try context.cancellation.check()
      let batch = try table.batch(index, Flow(worker: 0), context)
      let codes = try zip(matchers, nodes).map { try $0.rightCodes($1.evaluate(batch), batch) }
      let start = index * ExecutionContext.batchRows
      if codes.count == 1 {
        group(codes[0], batch.count, from: start)
        continue
      }
      for i in 0..<batch.count where codes.allSatisfy({ $0[i] != KeyMatcher.none }) {
        var packed: UInt64 = 0
        for (column, factor) in zip(codes, factors) { packed &+= UInt64(column[i]) &* factor }
        let group = groupOfPacked.insert(packed, Int32(firstRows.count))
        if Int(group) == firstRows.count { firstRows.append(Int32(start + i)) }
        groupOfRow[start + i] = group
      }
    }
  }

  /// Numbers rows by one key.
  private func group(_ codes: UnsafePointer<UInt32>, _ count: Int, from start: Int) {
    groupOfCode.withUnsafeMutableBufferPointer { groups in
      groupOfRow.withUnsafeMutableBufferPointer { rows in
        for i in 0..<count where codes[i] != KeyMatcher.none {
          let code = Int(codes[i])
          if groups[code] < 0 {
            groups[code] = Int32(firstRows.count)
            firstRows.append(Int32(start + i))
          }
          rows[start + i] = groups[code]
        }
      }
    }
  }

  /// The right group of each row of a left batch; -1 for none. `nodes` are the left keys.
  func groups(_ nodes: [any VectorNode], _ batch: any Batch) throws -> UnsafePointer<Int32> {
    if nodes.count == 1 {
      return try groupOfCode.withUnsafeBufferPointer { try matchers[0].lookUp($0, none: -1, nodes[0], batch) }
    }
    let out = batch.scratch.allocate(batch.count, of: Int32.self)
    let codes = try zip(matchers, nodes).map { try $0.leftCodes($1.evaluate(batch), batch, mapsText: true) }
    for i in 0..<batch.count {
      var packed: UInt64 = 0
      var isComplete = true
      for (column, factor) in zip(codes, factors) {
        isComplete = isComplete && column[i] != KeyMatcher.none
        packed &+= UInt64(column[i]) &* factor
      }
      out[i] = isComplete ? groupOfPacked.find(packed) : -1
    }
    return UnsafePointer(out)
  }

  /// What each left key code gives when each right row gives one of `values`; nil for joins by several keys.
  func composed<T: FixedWidthInteger>(_ values: UnsafePointer<UInt32>, none: UInt32, as: T.Type) -> [T]? {
    guard matchers.count == 1, isUnique else { return nil }
    return groupOfCode.map { T(truncatingIfNeeded: $0 < 0 ? none : values[Int($0)]) }
  }

  /// The composed value of each row of a left batch: one look-up instead of one for the partner and one for its column.
  func values<T: FixedWidthInteger>(
    _ composed: [T], none: UInt32, _ nodes: [any VectorNode], _ batch: any Batch
  ) throws -> UnsafePointer<UInt32> {
    try composed.withUnsafeBufferPointer { try matchers[0].lookUp($0, none: none, nodes[0], batch) }
  }
}

/// Gives the values of one join key codes that are equal on both sides exactly where the values are.
final class KeyMatcher {
  /// The code of a missing value, and of a left value that the right side does not have.
  static let none = UInt32.max

  private enum Form {
    /// Right dictionary codes, and the right code of each left entry.
    case text([UInt32])
    /// The distance from the smallest right value.
    case range(low: Int64)
    /// Numbers of distinct right values.
    case hashed
  }

  let domain: Int
  private let form: Form
  private let type: DataType
  private var index = HashIndex()

  init(left: any VectorNode, right: any VectorNode, _ table: Pipeline, _ context: ExecutionContext) throws {
    type = right.type
    if let ours = left.dictionary, let theirs = right.dictionary, type == .text {
      domain = theirs.count
      if ours.isIdentical(to: theirs) {
        form = .text((0..<UInt32(ours.count)).map { $0 })
      } else {
        let interner = TextInterner(theirs)
        form = .text((0..<ours.count).map { code in ours.withBytes(of: code) { interner.find($0) ?? KeyMatcher.none } })
      }
      return
    }
    let limit = Swift.max(1 << 16, table.source.rowCount * 4)
    if type != .real, let range = try right.range() {
      let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
      if !overflow, width < limit {
        form = .range(low: range.lowerBound)
        domain = Int(width) + 1
        return
      }
    }
    form = .hashed
    domain = table.source.rowCount
  }

  /// The groups of codes as the left side writes them: text entries by the left dictionary.
  func forLeftCodes(_ groups: [Int32]) -> [Int32] {
    guard case .text(let rightCodes) = form else { return groups }
    return rightCodes.map { $0 == KeyMatcher.none ? -1 : groups[Int($0)] }
  }

  func rightCodes(_ vector: Vector, _ batch: any Batch) -> UnsafePointer<UInt32> {
    let out = batch.scratch.allocate(batch.count, of: UInt32.self)
    switch form {
    case .text: out.update(from: vector.values(of: UInt32.self), count: batch.count)
    case .range(let low): offsets(vector, low, batch.count, out)
    case .hashed:
      for i in 0..<batch.count where vector.isValid(i) {
        out[i] = UInt32(bitPattern: index.insert(bits(vector, i), Int32(index.count)))
      }
    }
    KeyCoding.mask(out, vector.validity, batch.count, missing: KeyMatcher.none)
    return UnsafePointer(out)
  }

  /// Text codes stay the left dictionary's; `forLeftCodes` fits the groups to them. With several keys they are mapped.
  func leftCodes(_ vector: Vector, _ batch: any Batch, mapsText: Bool) -> UnsafePointer<UInt32> {
    let out = batch.scratch.allocate(batch.count, of: UInt32.self)
    switch form {
    case .text(let rightCodes):
      let codes = vector.values(of: UInt32.self)
      if vector.validity == nil, !mapsText { return codes }
      let size = UInt32(truncatingIfNeeded: rightCodes.count)
      if mapsText {
        for i in 0..<batch.count { out[i] = codes[i] < size ? rightCodes[Int(codes[i])] : KeyMatcher.none }
      } else {
        out.update(from: codes, count: batch.count)
      }
    case .range(let low): offsets(vector, low, batch.count, out)
    case .hashed:
      for i in 0..<batch.count { out[i] = UInt32(bitPattern: index.find(bits(vector, i))) }
    }
    KeyCoding.mask(out, vector.validity, batch.count, missing: KeyMatcher.none)
    return UnsafePointer(out)
  }

  /// The table's value for the left code of each row; `none` for rows without one.
  func lookUp<T: FixedWidthInteger, R: FixedWidthInteger & BitwiseCopyable>(
    _ table: UnsafeBufferPointer<T>, none: R, _ node: any VectorNode, _ batch: any Batch
  ) throws -> UnsafePointer<R> {
    let out = batch.scratch.allocate(batch.count, of: R.self)
    if case .range(let low) = form, let slice = (node as? ColumnNode).flatMap({ batch.packed($0.index) }),
      look(up: slice, low, table, none: none, batch.count, out)
    {
      return UnsafePointer(out)
    }
    let own = leftCodes(try node.evaluate(batch), batch, mapsText: false)
    let size = UInt32(truncatingIfNeeded: table.count)
    for i in 0..<batch.count { out[i] = own[i] < size ? R(truncatingIfNeeded: table[Int(own[i])]) : none }
    return UnsafePointer(out)
  }

  /// The same for packed whole numbers and days, which need not be made wider first; false for others.
  private func look<T: FixedWidthInteger, R: FixedWidthInteger & BitwiseCopyable>(
    up slice: PackedSlice, _ low: Int64, _ table: UnsafeBufferPointer<T>, none: R, _ count: Int,
    _ out: UnsafeMutablePointer<R>
  ) -> Bool {
    // Distances are right in 32 bits as long as the whole range lies there.
    guard let base = Int32(exactly: low), Int32(exactly: low + Int64(domain)) != nil, slice.isWhole else {
      return false
    }
    let size = UInt32(truncatingIfNeeded: domain)
    func look<N: FixedWidthInteger & BitwiseCopyable>(_: N.Type) {
      let values = slice.base.assumingMemoryBound(to: N.self)
      for i in 0..<count {
        let offset = UInt32(bitPattern: Int32(truncatingIfNeeded: values[i]) &- base)
        out[i] = offset < size ? R(truncatingIfNeeded: table[Int(offset)]) : none
      }
    }
    switch slice.lane {
    case .int8: look(Int8.self)
    case .int16: look(Int16.self)
    case .int32: look(Int32.self)
    default: return false
    }
    if let validity = slice.validity { KeyCoding.fill(out, none, validity, count) }
    return true
  }

  /// The distance from the smallest value, where it is within the range.
  private func offsets(_ vector: Vector, _ low: Int64, _ count: Int, _ out: UnsafeMutablePointer<UInt32>) {
    let size = UInt64(domain)
    func code(_ value: Int64) -> UInt32 {
      let offset = UInt64(bitPattern: value &- low)
      return offset < size ? UInt32(truncatingIfNeeded: offset) : KeyMatcher.none
    }
    switch type.physical {
    case .int64: Kernel.map(vector.values(of: Int64.self), count, into: out, code)
    case .int32: Kernel.map(vector.values(of: Int32.self), count, into: out) { code(Int64($0)) }
    default: Kernel.map(vector.values(of: UInt8.self), count, into: out) { code(Int64($0)) }
    }
  }

  private func bits(_ vector: Vector, _ row: Int) -> UInt64 {
    switch type.physical {
    case .double:
      let value = vector.values(of: Double.self)[row]
      return value == 0 ? 0 : value.bitPattern
    case .int64: return UInt64(bitPattern: vector.values(of: Int64.self)[row])
    case .int32: return UInt64(bitPattern: Int64(vector.values(of: Int32.self)[row]))
    default: return UInt64(vector.values(of: UInt8.self)[row])
    }
  }
}

/// A hash table from 64-bit keys to numbers, by open addressing.
struct HashIndex {
  private var keys: [UInt64]
  private var values: [Int32]
  private(set) var count = 0

  init() {
    keys = Array(repeating: 0, count: 64)
    values = Array(repeating: -1, count: 64)
  }

  @inline(__always) private static func slot(_ key: UInt64, _ mask: Int) -> Int {
    let mixed = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed ^ (mixed >> 32)) & mask
  }

  /// The value of a key, -1 when there is none.
  func find(_ key: UInt64) -> Int32 {
    let mask = keys.count - 1
    var slot = HashIndex.slot(key, mask)
    while values[slot] >= 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// Replaces all values.
  mutating func mapValues(_ transform: (Int32) -> Int32) {
    for slot in values.indices where values[slot] >= 0 { values[slot] = transform(values[slot]) }
  }

  /// The value of a key that may be there already; `value` is given to a new one.
  mutating func insert(_ key: UInt64, _ value: Int32) -> Int32 {
    let mask = keys.count - 1
    var slot = HashIndex.slot(key, mask)
    while values[slot] >= 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    keys[slot] = key
    values[slot] = value
    count += 1
    if count * 2 > keys.count { grow() }
    return value
  }

  private mutating func grow() {
    let old = (keys, values)
    let size = keys.count * 2
    keys = Array(repeating: 0, count: size)
    values = Array(repeating: -1, count: size)
    for i in old.0.indices where old.1[i] >= 0 {
      var slot = HashIndex.slot(old.0[i], size - 1)
      while values[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      keys[slot] = old.0[i]
      values[slot] = old.1[i]
    }
  }
}
