#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Charts
import Columnar
import Display
import MartletLanguage
import Testing

/// Writes a notebook whose cells hold outputs of every kind, to be looked at in each frontend: into the folder that
/// `MARTLET_GALLERY` names, or else into one for passing things.
struct OutputNotebookTests {
  @Test func notebookIsWritten() throws {
    let folder = OutputNotebook.folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = try OutputNotebook.document().serialized
    try Data(text.utf8).write(to: folder.appendingPathComponent("outputs.ipynb"))
    #expect(text.contains("application/vnd.vegalite.v5+json"))
  }
}

/// A notebook of outputs as nbformat 4.5 wants it.
enum OutputNotebook {
  static var folder: URL {
    ProcessInfo.processInfo.environment["MARTLET_GALLERY"].map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("martlet-outputs")
  }

  static func document() throws -> JSON {
    let renderer = DisplayRenderer()
    let cells = try outputs().enumerated().map { index, output -> JSON in
      let shown = renderer.messages(output).compactMap { message -> JSON? in
        switch message {
        case .display(let bundle, _): return cellOutput(bundle)
        case .error(let error):
          return .of([
            "output_type": "error", "ename": .text(error.name), "evalue": .text(error.message),
            "traceback": .array(error.traceback.map(JSON.text)),
          ])
        case .stream(let name, let text):
          return .of(["output_type": "stream", "name": .text(name.rawValue), "text": .text(text)])
        case .update, .clear: return nil
        }
      }
      return .of([
        "cell_type": "code", "id": .text("cell\(index)"), "execution_count": .null, "metadata": .object([]),
        "source": .text("cell \(index + 1)"), "outputs": .array(shown),
      ])
    }
    return .of([
      "nbformat": 4, "nbformat_minor": 5, "cells": .array(cells),
      "metadata": .of([
        "kernelspec": .of(["name": "python3", "display_name": "Python 3", "language": "python"])
      ]),
    ])
  }

  static func cellOutput(_ bundle: DisplayBundle) -> JSON {
    let data = bundle.parts.map { part -> JSON.Member in
      switch part.content {
      case .text(let text), .base64(let text): JSON.Member(part.type, .text(text))
      case .json(let text): JSON.Member(part.type, .text("JSON:" + text))
      }
    }
    return .of(["output_type": "display_data", "metadata": bundle.metadata, "data": .object(data)])
  }

  private static func outputs() throws -> [Output] {
    let chart = try Chart.growth(
      months, period: "period", value: "revenue", growth: "growth", complete: "complete")
    let result = ResultOutput(
      title: "Monthly revenue, United Kingdom",
      headline: "Revenue was £8,187,806 in 2011-11; the best complete month is Nov 2011 with £1,461,756, the weakest "
        + "May 2011; growth is 6.9 % a month on average (compound 6.3 %).",
      chart: chart, table: months,
      notes: [
        Note(.assumed, "amount = Quantity × UnitPrice"), Note(.assumed, "as of 2011-12-10"),
        Note(.leftOut, "135,080 rows without CustomerID (24.9 %)"),
        Note(.warning, "2011-12 is incomplete (to 2011-12-09)"),
        Note(.definition, "growth = value ÷ previous − 1"),
      ])
    let cards = try Chart.cards([
      Card(
        label: "revenue", value: "£9,747,748", change: "+12.3 % vs Q3", trend: .better, history: [3, 4, 2, 5, 6, 8]),
      Card(label: "orders", value: "22,064", change: "-4.0 % vs Q3", trend: .worse, history: [9, 7, 8, 6, 5, 5]),
      Card(label: "customers", value: "4,372"),
    ])
    return [
      .receipt(
        Receipt(
          "sales: 397,884 rows, 8 columns", notes: [Note(.step, "clean removed 5,268 duplicates")],
          appendices: [CaptionedTable("Cleaning log", months.head(3))])),
      .result(result), .result(ResultOutput(headline: "Six figures.", chart: cards, table: months.head(2), rows: 0)),
      .result(ResultOutput(table: DisplayTests.sales)), .value(.real(0.25), .percent),
      .markdown("Figures are **net** of tax."), .text("printed\n", .stdout),
      .diagnostic(
        RenderedDiagnostic(
          Diagnostic("W501", "no rule reaches support 20 %", at: SourceRange(8, 14), hint: "support=1% would give 12"),
          source: "sales | basket Description")),
      .diagnostic(
        RenderedDiagnostic(
          Diagnostic(
            "E101", "`sales` has no column `Quantty`", at: SourceRange(14, 21), hint: "did you mean `Quantity`?"),
          source: "sales | where Quantty > 0")),
      .progress(Progress(id: 1, label: "Fitting models", fraction: 0.4)),
    ]
  }

  private static let months: Table = {
    let revenue = [
      748_957.0, 560_000, 498_062, 683_267, 493_207, 723_333, 691_123, 681_300, 682_680, 1_019_687, 1_461_756, 433_668,
    ]
    let first = CivilDate(days: CivilDate.days(year: 2011, month: 1, day: 1))
    return Table([
      (Field("period", .period(.month)), .period(revenue.indices.map { first.adding(months: $0) }, .month)),
      (Field("revenue", .real, measure: .currency("£")), .real(revenue)),
      (Field("share", .real, measure: .percent), .real(revenue.map { $0 / 8_677_040 })),
      (
        Field("growth", .real, measure: .percent),
        .real(revenue.indices.map { $0 == 0 ? nil : revenue[$0] / revenue[$0 - 1] - 1 })
      ),
      (Field("complete", .boolean), .boolean(revenue.indices.map { $0 != 11 })),
    ])
  }()
}

extension Table {
  /// The first rows.
  func head(_ count: Int) -> Table {
    let rows = 0..<Swift.min(count, rowCount)
    return Table(
      zip(schema.fields, columns).map { field, column in (field, Column.of(field.type, rows.map { column[$0] })) })
  }
}
