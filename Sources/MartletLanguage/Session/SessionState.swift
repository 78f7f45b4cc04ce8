import Columnar
import Query
import Synchronization

/// Everything that lives from cell to cell. A value: a statement works on a copy and the session takes it over at the end.
struct SessionState: Sendable {
  var tables: [String: SessionTable] = [:]
  var tableOrder: [String] = []
  /// Files that have a name and are read when it is used.
  var postponed: [String: PostponedTable] = [:]
  var parameters: [String: SessionParameter] = [:]
  var parameterOrder: [String] = []
  var definitions: [String: Scope.Definition] = [:]
  var settings: Settings
  var usedTable: String?

  init(settings: Settings) { self.settings = settings }

  /// A name stands for one thing: a new table replaces a parameter of its name.
  mutating func define(_ table: SessionTable) {
    let name = table.info.name
    postponed[name] = nil
    if tables.updateValue(table, forKey: name) == nil { tableOrder.append(name) }
    if parameters.removeValue(forKey: name) != nil { parameterOrder.removeAll { $0 == name } }
  }

  mutating func define(_ table: PostponedTable) {
    let name = table.info.name
    tables[name] = nil
    tableOrder.removeAll { $0 == name }
    if parameters.removeValue(forKey: name) != nil { parameterOrder.removeAll { $0 == name } }
    postponed[name] = table
  }

  mutating func define(_ parameter: SessionParameter) {
    postponed[parameter.name] = nil
    if parameters.updateValue(parameter, forKey: parameter.name) == nil { parameterOrder.append(parameter.name) }
    if tables.removeValue(forKey: parameter.name) != nil {
      tableOrder.removeAll { $0 == parameter.name }
      if usedTable == parameter.name { usedTable = nil }
    }
  }

  var snapshot: SessionSnapshot {
    SessionSnapshot(
      tables: tableOrder.compactMap { tables[$0] }, parameters: parameterOrder.compactMap { parameters[$0] },
      usedTable: usedTable)
  }
}

/// A file of which a pipeline has read what it needed: the session knows its name, and reads it when the name is used.
struct PostponedTable: Sendable {
  var info: TableInfo
  var request: LoadRequest
}

/// Reads each file once a cell: checking needs the columns, running the rows.
final class LoadCache: Sendable {
  private let loader: any TableLoader
  private let cancellation: Cancellation
  private let tables = Mutex<[LoadRequest: [LoadedTable]]>([:])
  private let scans = Mutex<(known: [LoadRequest: ScannedTable], areRefused: Bool)>(([:], false))

  init(loader: any TableLoader, cancellation: Cancellation) {
    self.loader = loader
    self.cancellation = cancellation
  }

  /// A file whose rows are read later; nil when it is to be read at once.
  func scan(_ request: LoadRequest) throws -> ScannedTable? {
    var key = request
    key.range = nil
    let (known, areRefused) = scans.withLock { ($0.known[key], $0.areRefused) }
    if areRefused || tables.withLock({ $0[key] }) != nil { return nil }
    if let known { return known }
    guard let found = try loader.scan(request, cancellation: cancellation) else { return nil }
    scans.withLock { $0.known[key] = found }
    return found
  }

  /// From now on all files are read whole: one was not what its beginning promised.
  func refuseScans() { scans.withLock { $0.areRefused = true } }

  /// The tables of a request; where it stands in the cell does not matter.
  func load(_ request: LoadRequest) throws -> [LoadedTable] {
    var key = request
    key.range = nil
    if let known = tables.withLock({ $0[key] }) { return known }
    let loaded = try loader.load(request, cancellation: cancellation)
    tables.withLock { $0[key] = loaded }
    return loaded
  }
}

/// Remembers what went wrong while the reader was asked, as checking can only throw diagnostics.
final class AnswerBox: Sendable {
  private let thrown = Mutex<(any Error)?>(nil)

  var failure: (any Error)? { thrown.withLock { $0 } }

  func ask(_ sink: any OutputSink, _ prompt: String, _ password: Bool) -> String? {
    do {
      return try sink.ask(prompt, password: password)
    } catch {
      thrown.withLock { $0 = error }
      return nil
    }
  }
}

/// Computes expressions without columns, through the engine, so that a constant and a column follow the same rules.
enum ConstantEvaluator {
  static func value(of expr: Expr, _ engine: any QueryEngine) -> Value? {
    let row = Table([(Field("row", .integer), .integer([0 as Int64]))])
    let plan = LogicalPlan.project(.table(row, name: "constants"), [NamedExpr("value", expr)])
    guard let answer = try? engine.run(plan, cancellation: Cancellation()), answer.table.rowCount == 1 else {
      return nil
    }
    return answer.table["value"]?[0]
  }
}

extension Column {
  /// How many rows have this text.
  func occurrences(of text: String) -> Int {
    guard case .text(let codes, let dictionary) = storage else { return 0 }
    guard let code = (0..<dictionary.count).first(where: { dictionary[$0] == text }) else { return 0 }
    let wanted = UInt32(code)
    guard let validity else { return codes.count { $0 == wanted } }
    return codes.indices.count { codes[$0] == wanted && validity[$0] }
  }
}
