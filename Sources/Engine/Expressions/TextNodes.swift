import Columnar
import Query

/// A value for each dictionary entry, looked up by code: however long the work on a text takes, it is done once an entry.
final class LookupNode: VectorNode {
  let type: DataType
  let dictionary: TextDictionary?
  private let a: any VectorNode
  /// One value an entry; never empty, so that a missing row's arbitrary code finds something.
  private let table: UnsafeMutableRawPointer
  private let entries: UInt32
  /// Whether each entry has a value; nil when all do.
  private let present: [Bool]?

  /// `T` is the physical type of `type`.
  init<T: BitwiseCopyable>(
    _ a: any VectorNode, _ type: DataType, _ values: [T], present: [Bool]?, blank: T,
    dictionary: TextDictionary? = nil
  ) {
    self.a = a
    self.type = type
    self.dictionary = dictionary
    let table = UnsafeMutablePointer<T>.allocate(capacity: values.count + 1)
    for (code, value) in values.enumerated() { table[code] = value }
    table[values.count] = blank
    self.table = UnsafeMutableRawPointer(table)
    entries = UInt32(values.count)
    self.present = present.flatMap { $0.allSatisfy { $0 } ? nil : $0 }
  }

  deinit { table.deallocate() }

  func range() throws -> ClosedRange<Int64>? { type == .boolean ? 0...1 : nil }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let codes = vector.values(of: UInt32.self)
    let out = UnsafeMutableRawPointer(batch.scratch.allocate(batch.count * type.width, of: UInt8.self))
    let isSafe = vector.validity == nil
    switch type.width {
    case 1: look(codes, batch.count, isSafe: isSafe, out, as: UInt8.self)
    case 4: look(codes, batch.count, isSafe: isSafe, out, as: UInt32.self)
    default: look(codes, batch.count, isSafe: isSafe, out, as: UInt64.self)
    }
    return Vector(UnsafeRawPointer(out), validity: validity(vector, codes, batch))
  }

  /// A missing row's code may be any number; it finds the blank behind the entries.
  @inline(__always) private func look<T: BitwiseCopyable>(
    _ codes: UnsafePointer<UInt32>, _ count: Int, isSafe: Bool, _ out: UnsafeMutableRawPointer, as: T.Type
  ) {
    let from = table.assumingMemoryBound(to: T.self)
    let to = out.assumingMemoryBound(to: T.self)
    if isSafe {
      for i in 0..<count { to[i] = from[Int(codes[i])] }
    } else {
      let last = entries
      for i in 0..<count { to[i] = from[Int(min(codes[i], last))] }
    }
  }

  private func validity(
    _ vector: Vector, _ codes: UnsafePointer<UInt32>, _ batch: any Batch
  ) -> UnsafePointer<UInt64>? {
    guard let present else { return vector.validity }
    let count = batch.count
    let words = batch.scratch.allocateBits(count)
    present.withUnsafeBufferPointer { present in
      for w in 0..<(count + 63) / 64 {
        var word: UInt64 = 0
        for i in w * 64..<min(count, w * 64 + 64) where codes[i] < entries && present[Int(codes[i])] {
          word |= 1 << UInt64(i & 63)
        }
        words[w] = word
      }
    }
    return Bits.and(UnsafePointer(words), vector.validity, count, batch.scratch)
  }
}

/// Whether a text is one certain dictionary entry.
final class EqualCodeNode: VectorNode {
  let type = DataType.boolean
  private let a: any VectorNode
  private let code: UInt32
  private let isEqual: Bool

  init(_ a: any VectorNode, code: UInt32, isEqual: Bool) {
    self.a = a
    self.code = code
    self.isEqual = isEqual
  }

  func range() throws -> ClosedRange<Int64>? { 0...1 }

  func evaluate(_ batch: any Batch) throws -> Vector {
    let vector = try a.evaluate(batch)
    let out = batch.scratch.allocate(batch.count, of: Bool.self)
    let wanted = code
    if isEqual {
      Kernel.map(vector.values(of: UInt32.self), batch.count, into: out) { $0 == wanted }
    } else {
      Kernel.map(vector.values(of: UInt32.self), batch.count, into: out) { $0 != wanted }
    }
    return Vector(out, validity: vector.validity)
  }
}

/// Makes nodes that work on each dictionary entry once.
enum TextTable {
  /// A node whose text is the function of its child's text; nil makes it missing.
  static func remapped(
    _ a: any VectorNode, _ cancellation: Cancellation, _ transform: (String) throws -> String?
  ) throws -> any VectorNode {
    guard let dictionary = a.dictionary else { return a }
    var interner = TextInterner(capacity: dictionary.count)
    var codes: [UInt32] = []
    codes.reserveCapacity(dictionary.count)
    var present: [Bool] = []
    try each(dictionary, cancellation) { text in
      let result = try transform(text)
      present.append(result != nil)
      codes.append(result.map { interner.intern($0) } ?? 0)
    }
    if interner.count == 0 { _ = interner.intern("") }
    return LookupNode(a, .text, codes, present: present, blank: 0, dictionary: interner.dictionary)
  }

  /// A node whose value is computed from each text; nil makes it missing.
  static func values<T: BitwiseCopyable>(
    _ a: any VectorNode, _ type: DataType, blank: T, _ cancellation: Cancellation,
    _ compute: (String) throws -> T?
  ) throws -> any VectorNode {
    guard let dictionary = a.dictionary else { return a }
    var table: [T] = []
    table.reserveCapacity(dictionary.count)
    var present: [Bool] = []
    try each(dictionary, cancellation) { text in
      let result = try compute(text)
      present.append(result != nil)
      table.append(result ?? blank)
    }
    return LookupNode(a, type, table, present: present, blank: blank)
  }

  /// The same two nodes with codes of one common dictionary.
  static func unified(_ a: any VectorNode, _ b: any VectorNode) -> (any VectorNode, any VectorNode) {
    guard let x = a.dictionary, let y = b.dictionary, !x.isIdentical(to: y) else { return (a, b) }
    var interner = TextInterner(x)
    let codes = (0..<y.count).map { code in y.withBytes(of: code) { interner.intern($0) } }
    let common = interner.dictionary
    let same = (0..<UInt32(x.count)).map { $0 }
    return (
      LookupNode(a, .text, same, present: nil, blank: 0, dictionary: common),
      LookupNode(b, .text, codes, present: nil, blank: 0, dictionary: common)
    )
  }

  private static func each(
    _ dictionary: TextDictionary, _ cancellation: Cancellation, _ body: (String) throws -> Void
  ) throws {
    for code in 0..<dictionary.count {
      if code & 1023 == 0 { try cancellation.check() }
      try body(dictionary[code])
    }
  }
}
