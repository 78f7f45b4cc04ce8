import Columnar

/// The right row of each row of a join.
struct JoinedRows {
  /// Row -1 is no partner.
  let rows: UnsafePointer<Int32>
  /// Whether a row that counts has no partner; only then are there missing values to look for.
  let hasGaps: Bool
}

/// The right side of a join as its batches see it: the added columns, and how the row of each left row is found. No key repeats
/// there, so that groups of the index are rows.
final class JoinPartners {
  let right: TableView
  /// The right table's columns that are added, in order.
  let columns: [Int]
  let index: JoinIndex
  /// The left keys.
  let nodes: [any VectorNode]

  init(_ right: TableView, _ columns: [Int], _ index: JoinIndex, _ nodes: [any VectorNode]) {
    self.right = right
    self.columns = columns
    self.index = index
    self.nodes = nodes
  }
}

/// The parent's columns and those of the joined rows of another table; all values of a row without a partner are missing.
final class JoinBatch: Batch {
  let shape: BatchShape
  /// The left rows.
  let parent: any Batch
  private let parentColumns: Int
  private let partners: JoinPartners
  private var joined: JoinedRows?
  private var made: [Vector?]
  /// Rows that can be read, and which of them are partners: the same for all columns.
  private var readable: (rows: UnsafePointer<UInt32>, validity: UnsafePointer<UInt64>?)?

  /// The right rows are looked up when somebody asks for one of their columns, unless they are given.
  init(
    _ parent: any Batch, columns parentColumns: Int, _ partners: JoinPartners, _ joined: JoinedRows?,
    _ shape: BatchShape
  ) {
    self.parent = parent
    self.parentColumns = parentColumns
    self.partners = partners
    self.joined = joined
    self.shape = shape
    made = Array(repeating: nil, count: partners.columns.count)
  }

  func packed(_ index: Int) -> PackedSlice? { index < parentColumns ? parent.packed(index) : nil }

  func bounds(_ index: Int) -> ClosedRange<Int64>? { index < parentColumns ? parent.bounds(index) : nil }

  func partner(_ index: Int) -> JoinBatch? { index < parentColumns ? parent.partner(index) : self }

  func column(_ index: Int) throws -> Vector {
    if index < parentColumns { return try parent.column(index) }
    let place = index - parentColumns
    if let vector = made[place] { return vector }
    let (right, column) = (partners.right, partners.columns[place])
    let width = right.table.columns[column].type.width
    let found = try readableRows()
    let source = right.vector(column, from: 0)
    var vector: Vector
    if right.rowCount > 0 {
      vector = Gather.vector(source, found.rows, count, width: width, scratch)
    } else {
      let bytes = scratch.allocate(count * width, of: UInt8.self)
      bytes.update(repeating: 0, count: count * width)
      vector = Vector(bytes)
    }
    vector = Vector(vector.base, validity: Bits.and(found.validity, vector.validity, count, scratch))
    made[place] = vector
    return vector
  }

  private func readableRows() throws -> (rows: UnsafePointer<UInt32>, validity: UnsafePointer<UInt64>?) {
    if let readable { return readable }
    let joined = try joined ?? JoinedRows(rows: partners.index.groups(partners.nodes, parent), hasGaps: true)
    let found = Gather.partners(joined.rows, count, hasGaps: joined.hasGaps, scratch)
    (self.joined, readable) = (joined, found)
    return found
  }
}
