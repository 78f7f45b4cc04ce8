/// Writes Thrift's compact protocol.
struct ThriftCompactWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []
  /// The numbers of the fields before, one for each structure that is open.
  private var last = [0]

  private mutating func head(_ id: Int, _ kind: ThriftCompactReader.Kind) {
    let step = id - last[last.count - 1]
    last[last.count - 1] = id
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | kind.rawValue)
    } else {
      bytes.append(kind.rawValue)
      bytes.append(zigzag: Int64(id))
    }
  }

  /// A field with a whole number of 32 bits.
  mutating func int32(_ id: Int, _ value: Int) {
    head(id, .int32)
    bytes.append(zigzag: Int64(value))
  }

  /// A field with a whole number of 64 bits.
  mutating func int64(_ id: Int, _ value: Int) {
    head(id, .int64)
    bytes.append(zigzag: Int64(value))
  }

  /// A field with a truth value.
  mutating func boolean(_ id: Int, _ value: Bool) { head(id, value ? .yes : .no) }

  /// A field with bytes.
  mutating func binary(_ id: Int, _ value: some Collection<UInt8>) {
    head(id, .binary)
    bytes.append(varint: UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A field with a text.
  mutating func text(_ id: Int, _ value: String) { binary(id, Array(value.utf8)) }

  /// A field with a structure, which the closure writes.
  mutating func structure(_ id: Int, _ write: (inout ThriftCompactWriter) -> Void = { _ in }) {
    head(id, .structure)
    root(write)
  }

  /// A structure without a field's head: the outermost one, or an element of a list.
  mutating func root(_ write: (inout ThriftCompactWriter) -> Void) {
    last.append(0)
    write(&self)
    last.removeLast()
    bytes.append(0)
  }

  private mutating func list(_ id: Int, _ kind: ThriftCompactReader.Kind, _ count: Int) {
    head(id, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xf0 | kind.rawValue)
      bytes.append(varint: UInt64(count))
    }
  }

  /// A field with a list of structures.
  mutating func structures<Element>(
    _ id: Int, _ elements: some Collection<Element>, _ write: (inout ThriftCompactWriter, Element) -> Void
  ) {
    list(id, .structure, elements.count)
    for element in elements { root { write(&$0, element) } }
  }

  /// A field with a list of whole numbers.
  mutating func int32s(_ id: Int, _ values: [Int]) {
    list(id, .int32, values.count)
    for value in values { bytes.append(zigzag: Int64(value)) }
  }

  /// A field with a list of texts.
  mutating func texts(_ id: Int, _ values: [String]) {
    list(id, .binary, values.count)
    for value in values {
      bytes.append(varint: UInt64(value.utf8.count))
      bytes.append(contentsOf: value.utf8)
    }
  }
}
