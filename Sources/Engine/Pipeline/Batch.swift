import Columnar

/// Some rows on their way through a pipeline. Columns are made when they are asked for, and only then.
protocol Batch: AnyObject {
  var shape: BatchShape { get }

  /// The values of one column.
  func column(_ index: Int) throws -> Vector

  /// The same as they lie packed in the table; nil when they do not, or not one after another.
  func packed(_ index: Int) -> PackedSlice?

  /// Bounds of the values of one column of whole numbers, days or moments, when they are known without looking at the rows.
  func bounds(_ index: Int) -> ClosedRange<Int64>?

  /// What a join adds to each row as one column, before it is looked up; nil for other columns.
  func partner(_ index: Int) -> JoinBatch?
}

/// Consecutive rows of a packed column, for loops that read its few bytes themselves.
struct PackedSlice {
  /// The first row's number.
  let base: UnsafeRawPointer
  let lane: PackedValues.Lane
  let meaning: PackedValues.Meaning
  let validity: UnsafePointer<UInt64>?

  /// Whether the numbers are the values themselves: whole numbers, days or periods.
  var isWhole: Bool {
    switch meaning {
    case .whole, .days, .periods: true
    case .real, .decimal, .boolean, .seconds, .microseconds, .codes: false
    }
  }
}

extension Batch {
  func packed(_ index: Int) -> PackedSlice? { nil }
  func bounds(_ index: Int) -> ClosedRange<Int64>? { nil }
  func partner(_ index: Int) -> JoinBatch? { nil }

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

  func bounds(_ index: Int) -> ClosedRange<Int64>? { view.bounds(index, batch: shape.sequence) }
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

  func bounds(_ index: Int) -> ClosedRange<Int64>? { parent.bounds(index) }

  func partner(_ index: Int) -> JoinBatch? { parent.partner(index) }
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

  func bounds(_ index: Int) -> ClosedRange<Int64>? { nodes[index].bounds(parent) }

  func partner(_ index: Int) -> JoinBatch? { (nodes[index] as? ColumnNode).flatMap { parent.partner($0.index) } }
}
