/// The sheets of a workbook and where their parts are.
struct WorkbookParts {
  /// One sheet with cells.
  struct Sheet: Sendable {
    var name: String
    var part: String
    var isHidden: Bool
  }

  /// The sheets in the order of their tabs; sheets that hold a chart alone are none.
  let sheets: [Sheet]
  /// Whether days count from 1904-01-01.
  let countsFrom1904: Bool
  /// The part of the texts that cells share.
  let sharedStrings: String?
  /// The part of the number formats.
  let styles: String?

  init(_ archive: ZipArchive, _ path: String, _ cancellation: Cancellation) throws {
    let root = try Relations.read(archive, of: "", cancellation)
    let main = root.all.first { $0.type.hasSuffix("/officeDocument") }?.target ?? "xl/workbook.xml"
    if main.lowercased().hasSuffix(".bin") {
      throw SourceError.unsupported(
        path: path, feature: "the cells of a binary workbook (.xlsb)", advice: "save it as .xlsx and load that")
    }
    guard let part = archive.part(main) else {
      throw SourceError.damaged(
        path: path, format: WorkbookFormat.name, place: "its zip archive", found: "holds no workbook")
    }
    let names = SheetNames()
    try archive.parse(part, main, names, cancellation) { main }
    let relations = try Relations.read(archive, of: main, cancellation)
    sheets = names.sheets.compactMap { sheet in
      guard let relation = relations.all.first(where: { $0.id == sheet.id }) else { return nil }
      guard relation.type.hasSuffix("/worksheet") else { return nil }
      return Sheet(name: sheet.name, part: relation.target, isHidden: sheet.isHidden)
    }
    countsFrom1904 = names.countsFrom1904
    sharedStrings = relations.all.first { $0.type.hasSuffix("/sharedStrings") }?.target
    styles = relations.all.first { $0.type.hasSuffix("/styles") }?.target
  }
}

/// The element `workbook`: names of sheets and the beginning of the calendar.
private final class SheetNames: XMLHandler {
  var sheets: [(name: String, id: String, isHidden: Bool)] = []
  var countsFrom1904 = false

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "workbookPr" {
      countsFrom1904 = attributes.text("date1904").map { $0 == "1" || $0 == "true" } ?? false
    } else if name == "sheet", sheets.count < 10_000 {
      let state = attributes.text("state") ?? "visible"
      // `r:id` is the relation, `sheetId` another number.
      sheets.append((attributes.text("name") ?? "", attributes.text("id") ?? "", state != "visible"))
    }
  }
}

/// Which parts belong to a part.
private final class Relations: XMLHandler {
  var all: [(id: String, type: String, target: String)] = []
  private let folder: String

  private init(folder: String) { self.folder = folder }

  /// The relations of a part; none when it has no such list.
  static func read(_ archive: ZipArchive, of part: String, _ cancellation: Cancellation) throws -> Relations {
    let slash = part.lastIndex(of: "/")
    let folder = slash.map { String(part[...$0]) } ?? ""
    let file = slash.map { String(part[part.index(after: $0)...]) } ?? part
    let relations = Relations(folder: folder)
    let name = "\(folder)_rels/\(file).rels"
    guard let list = archive.part(name) else { return relations }
    try archive.parse(list, name, relations, cancellation) { name }
    return relations
  }

  override func start(_ name: XMLName, _ attributes: XMLAttributes) {
    guard name == "Relationship", all.count < 100_000, let id = attributes.text("Id"),
      let type = attributes.text("Type"), let target = attributes.text("Target")
    else { return }
    all.append((id, type, resolved(target)))
  }

  /// A target as the name of a part: targets stand below the folder of the part, or begin at the root.
  private func resolved(_ target: String) -> String {
    if target.hasPrefix("/") { return String(target.dropFirst()) }
    var steps: [Substring] = []
    for step in (folder + target).split(separator: "/") where step != "." {
      if step == ".." { _ = steps.popLast() } else { steps.append(step) }
    }
    return steps.joined(separator: "/")
  }
}
