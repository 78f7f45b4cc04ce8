/// The names that one thread has met in records, and the columns that they stand for.
struct JSONTree {
  static let root = 0

  /// A name below an object; -1 for what it has not been.
  private struct Child {
    var slot = -1
    var node = -1
    /// The name that followed it last time.
    var successor = -1
    var parent = 0
  }

  /// One column.
  private struct Slot {
    var path: String
    var isWanted: Bool
    var texts = CellTexts()
    var cells = CellColumn()
    var isMet = false
  }

  /// Whether there are more names than a table has columns.
  private(set) var isTooWide = false
  private let wanted: Set<String>?
  /// The bytes of each name behind four of its object's number: a name's code is the number of its child.
  private var names = LocalDictionary()
  private var children: [Child] = []
  private var slots: [Slot] = []
  private var slotOfPath: [String: Int] = [:]
  /// The names before those of each object, with a dot.
  private var prefixes = [""]
  /// The first name of each object.
  private var firsts = [-1]
  private var order: [Int] = []
  private var key: [UInt8] = []

  init(_ wanted: Set<String>?) { self.wanted = wanted }

  /// Begins with rows from 0 on.
  mutating func beginPiece() {
    order.removeAll()
    for slot in slots.indices {
      slots[slot].cells = CellColumn()
      slots[slot].isMet = false
    }
  }

  /// The columns of the piece in the order in which they appeared.
  var columns: [(path: String, cells: CellColumn, texts: CellTexts)] {
    order.map { (slots[$0].path, slots[$0].cells, slots[$0].texts) }
  }

  /// Takes back a row that turned out to be none.
  mutating func cut(to row: Int) {
    for slot in order { slots[slot].cells.cut(to: row) }
  }

  /// The number of a name below an object. Names mostly come in the order of the record before.
  @inline(__always)
  mutating func child(_ name: UnsafeBufferPointer<UInt8>, of node: Int, after last: Int) -> Int {
    let guess = last < 0 ? firsts[node] : children[last].successor
    if guess >= 0, isName(guess, name), children[guess].parent == node { return guess }
    let child = find(name, node)
    if last < 0 { firsts[node] = child } else { children[last].successor = child }
    return child
  }

  @inline(__always)
  private func isName(_ child: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(names.offsets[child]) + 4
    let count = Int(names.offsets[child + 1]) - start
    guard count == name.count else { return false }
    return names.bytes.withUnsafeBufferPointer { bytes in
      for place in 0..<count where bytes[start + place] != name[place] { return false }
      return true
    }
  }

  @inline(never)
  private mutating func find(_ name: UnsafeBufferPointer<UInt8>, _ node: Int) -> Int {
    key.removeAll(keepingCapacity: true)
    for shift in [0, 8, 16, 24] { key.append(UInt8(truncatingIfNeeded: node >> shift)) }
    key.append(contentsOf: name)
    let child = Int(key.withUnsafeBufferPointer { names.code($0) })
    if child == children.count {
      children.append(Child(parent: node))
      isTooWide = children.count > JSONParser.mostColumns
    }
    return child
  }

  /// The number of the object that stands under a name.
  mutating func node(_ child: Int) -> Int {
    if children[child].node >= 0 { return children[child].node }
    let node = prefixes.count
    prefixes.append(path(child) + ".")
    firsts.append(-1)
    children[child].node = node
    return node
  }

  private func path(_ child: Int) -> String {
    let start = Int(names.offsets[child]) + 4
    return prefixes[children[child].parent]
      + String(decoding: names.bytes[start..<Int(names.offsets[child + 1])], as: UTF8.self)
  }

  @inline(__always)
  private mutating func slot(_ child: Int) -> Int {
    let slot = children[child].slot >= 0 ? children[child].slot : newSlot(child)
    if !slots[slot].isMet {
      slots[slot].isMet = true
      order.append(slot)
    }
    return slot
  }

  private mutating func newSlot(_ child: Int) -> Int {
    let path = path(child)
    // `{"a.b": 1}` and `{"a": {"b": 1}}` are one column.
    let slot = slotOfPath[path] ?? slots.count
    if slot == slots.count {
      slots.append(Slot(path: path, isWanted: wanted?.contains(path) ?? true))
      slotOfPath[path] = slot
    }
    children[child].slot = slot
    return slot
  }

  /// Writes a value.
  @inline(__always)
  mutating func set(_ child: Int, _ row: Int, _ kind: CellColumn.Kind, _ word: UInt64) {
    let slot = slot(child)
    if slots[slot].isWanted { slots[slot].cells.set(row, kind, word) }
  }

  /// Writes a text.
  @inline(__always)
  mutating func set(_ child: Int, _ row: Int, _ text: UnsafeBufferPointer<UInt8>) {
    let slot = slot(child)
    if slots[slot].isWanted { slots[slot].cells.set(row, .text, slots[slot].texts.code(text)) }
  }
}
