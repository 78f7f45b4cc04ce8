import Columnar

/// Some rows on their way through a pipeline. Columns are made when they are asked for, and only then.
protocol Batch: AnyObject {
  var shape: BatchShape { get }

  /// The values of one column.
  func column(_ index: Int) throws -> Vector

  /// The same as they lie packed in the table; nil when they do not, or not one after another.
  func packed(_ index: Int) -> PackedSlice?
}

/// Consecutive rows of a packed column, for loops that read its few bytes themselves.
struct PackedSlice {
  /// The first row's number.
  let base: UnsafeRawPointer
  let lane: PackedValues.Lane
  let meaning: PackedValues.Meaning
  let validity: UnsafePointer<UInt64>?
}

extension Batch {
  func packed(_ index: Int) -> PackedSlice? { nil }

  var count: Int { shape.count }
  var scratch: Scratch { shape.scratch }
  var mask: UnsafePointer<Bool>? { shape.mask }
}

/// How many rows a batch has, and which of them count.
///
/// Rows that a mask excludes are still there and count for nothing: leaving them where they are is cheaper than moving
/// all others, as long as most rows stay.
struct BatchShape {
  /// The number of rows, masked ones included.
  var count: Int
  /// The place of the batch in the pipeline's input: rows of an earlier batch come first.
  var sequence: Int
  var scratch: Scratch
  /// True for each row that counts; nil when all do.
  var mask: UnsafePointer<Bool>?
  /// The number of rows that count.
  var live: Int

  init(count: Int, sequence: Int, scratch: Scratch) {
    self.count = count
    self.sequence = sequence
    self.scratch = scratch
    live = count
  }

  /// The same rows, of which a mask excludes some.
  func masked(_ mask: UnsafePointer<Bool>?, live: Int) -> BatchShape {
    var shape = self
    shape.mask = mask
    shape.live = live
    return shape
  }

  /// So many other rows, all of which count.
  func replaced(count: Int) -> BatchShape { BatchShape(count: count, sequence: sequence, scratch: scratch) }
}

/// Rows of a table as they lie there.
final class ScanBatch: Batch {
  let shape: BatchShape
  private let view: TableView
  private let rows: Range<Int>
  /// Columns that were widened.
  private var made: [Vector?]

  init(_ view: TableView, _ rows: Range<Int>, sequence: Int, _ scratch: Scratch) {
    self.view = view
    self.rows = rows
    made = view.isPacked ? Array(repeating: nil, count: view.table.columns.count) : []
    shape = BatchShape(count: rows.count, sequence: sequence, scratch: scratch)
  }

  func column(_ index: Int) throws -> Vector {
    guard view.isPacked else { return view.vector(index, from: rows.lowerBound) }
    if let vector = made[index] { return vector }
    let vector = view.vector(index, rows, scratch)
    made[index] = vector
    return vector
  }

  func packed(_ index: Int) -> PackedSlice? { view.slice(index, from: rows.lowerBound) }
}

/// The parent's rows, of which a mask excludes some.
final class MaskedBatch: Batch {
  let shape: BatchShape
  private let parent: any Batch

  init(_ parent: any Batch, mask: UnsafePointer<Bool>?, live: Int) {
    self.parent = parent
    shape = parent.shape.masked(mask, live: live)
  }

  func column(_ index: Int) throws -> Vector { try parent.column(index) }

  func packed(_ index: Int) -> PackedSlice? { parent.packed(index) }
}

/// Chosen rows of the parent, in a new order or number.
final class GatherBatch: Batch {
  let shape: BatchShape
  private let parent: any Batch
  private let types: [ColumnInfo]
  private let selection: UnsafePointer<UInt32>
  private var made: [Vector?]

  init(_ parent: any Batch, _ columns: [ColumnInfo], _ selection: UnsafePointer<UInt32>, count: Int) {
    self.parent = parent
    types = columns
    self.selection = selection
    made = Array(repeating: nil, count: columns.count)
    shape = parent.shape.replaced(count: count)
  }

  func column(_ index: Int) throws -> Vector {
    if let vector = made[index] { return vector }
    let source = try parent.column(index)
    let vector = Gather.vector(source, selection, count, width: types[index].field.type.width, scratch)
    made[index] = vector
    return vector
  }
}

/// Columns computed from the parent's.
final class ProjectBatch: Batch {
  let shape: BatchShape
  private let parent: any Batch
  private let nodes: [any VectorNode]
  private var made: [Vector?]

  init(_ parent: any Batch, _ nodes: [any VectorNode]) {
    self.parent = parent
    self.nodes = nodes
    made = Array(repeating: nil, count: nodes.count)
    shape = parent.shape
  }

  func column(_ index: Int) throws -> Vector {
    if let vector = made[index] { return vector }
    let vector = try nodes[index].evaluate(parent)
    made[index] = vector
    return vector
  }

  func packed(_ index: Int) -> PackedSlice? { (nodes[index] as? ColumnNode).flatMap { parent.packed($0.index) } }
}

/// The right row of each row of a join.
struct JoinedRows {
  /// Row -1 is no partner.
  let rows: UnsafePointer<Int32>
  /// Whether a row that counts has no partner; only then are there missing values to look for.
  let hasGaps: Bool

  init(_ rows: UnsafePointer<Int32>, hasGaps: Bool) {
    self.rows = rows
    self.hasGaps = hasGaps
  }
}

/// The parent's columns and those of the joined rows of another table; all values of a row without a partner are missing.
final class JoinBatch: Batch {
  let shape: BatchShape
  private let parent: any Batch
  private let parentColumns: Int
  private let right: TableView
  private let rightColumns: [Int]
  private let joined: JoinedRows
  private var made: [Vector?]
  /// Rows that can be read, and which of them are partners: the same for all columns.
  private var partners: (rows: UnsafePointer<UInt32>, validity: UnsafePointer<UInt64>?)?

  init(
    _ parent: any Batch, columns parentColumns: Int, _ right: TableView, _ rightColumns: [Int], _ joined: JoinedRows,
    mask: UnsafePointer<Bool>?, live: Int
  ) {
    self.parent = parent
    self.parentColumns = parentColumns
    self.right = right
    self.rightColumns = rightColumns
    self.joined = joined
    made = Array(repeating: nil, count: rightColumns.count)
    shape = parent.shape.masked(mask, live: live)
  }

  func packed(_ index: Int) -> PackedSlice? { index < parentColumns ? parent.packed(index) : nil }

  func column(_ index: Int) throws -> Vector {
    if index < parentColumns { return try parent.column(index) }
    let place = index - parentColumns
    if let vector = made[place] { return vector }
    let column = rightColumns[place]
    let width = right.table.columns[column].type.width
    let found = partners ?? Gather.partners(joined.rows, count, hasGaps: joined.hasGaps, scratch)
    partners = found
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
}
