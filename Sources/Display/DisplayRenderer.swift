import Charts
import Columnar
import MartletLanguage
import Synchronization

/// Makes of what a cell shows the messages that a frontend is sent.
///
/// It remembers which progress bars are on show, and that a missing library was mentioned.
package final class DisplayRenderer: Sendable {
  private struct State {
    var shownProgress: Set<Int> = []
    var hasSaidImagesAreMissing = false
  }

  private let state = Mutex(State())
  /// Whether colours are written into tracebacks.
  private let isColored: Bool

  /// A renderer of one session.
  package init(colored: Bool = true) { isColored = colored }

  /// The messages of one output, in order; at most three.
  package func messages(_ output: Output) -> [DisplayMessage] {
    switch output {
    case .result(let result): return self.result(result).map { .display($0, id: nil) }
    case .receipt(let receipt): return [.display(self.receipt(receipt), id: nil)]
    case .value(let value, let measure):
      return [.display(DisplayBundle([DisplayBundle.Part("text/plain", .text(Self.text(value, measure)))]), id: nil)]
    case .text(let text, let stream): return [.stream(stream, text)]
    case .markdown(let text):
      let parts = [DisplayBundle.Part("text/markdown", .text(text)), DisplayBundle.Part("text/plain", .text(text))]
      return [.display(DisplayBundle(parts), id: nil)]
    case .progress(let progress): return [self.progress(progress)]
    case .clear: return [.clear]
    case .diagnostic(let diagnostic): return [self.diagnostic(diagnostic)]
    }
  }

  /// A failed cell with up to three diagnostics.
  package func error(_ diagnostics: [RenderedDiagnostic]) -> DisplayError {
    let renderer = DiagnosticRenderer(isColoured: isColored)
    let lines = diagnostics.prefix(3).enumerated().flatMap { index, item in
      (index == 0 ? [] : [""])
        + renderer.render(item).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let first = diagnostics.first?.diagnostic
    return DisplayError(name: first?.code ?? "error", message: first?.message ?? "", traceback: lines)
  }

  // MARK: Kinds of outputs

  private func result(_ result: ResultOutput) -> [DisplayBundle] {
    let images = result.chart == nil ? nil : missingImages()
    let lines = NoteLine.lines(result.notes, chart: (result.chart?.notes ?? []) + [images].compactMap { $0 })
    let above = ResultPage(title: result.title, headline: result.headline)
    let view = TableView(result.table, rows: result.rows ?? result.settings.rows, decimals: result.settings.decimals)
    let hasTable = (result.rows ?? 1) > 0
    let below = ResultPage(
      tables: (hasTable ? [(nil, view)] : []) + appendices(result.appendices, result.settings), notes: lines)
    guard let chart = result.chart else {
      var page = below
      page.title = result.title
      page.headline = result.headline
      return page.isEmpty ? [] : [page.bundle]
    }
    // The title stands above the headline; drawing it into the chart as well would say it twice.
    var picture = chart
    if let title = result.title, chart.title == nil || chart.title == title { picture.title = nil }
    return (above.isEmpty ? [] : [above.bundle]) + [ChartBundle.bundle(picture)] + (below.isEmpty ? [] : [below.bundle])
  }

  private func receipt(_ receipt: Receipt) -> DisplayBundle {
    ResultPage(
      receipt: receipt.line, tables: appendices(receipt.appendices, Settings()), notes: NoteLine.lines(receipt.notes)
    ).bundle
  }

  private func appendices(_ tables: [CaptionedTable], _ settings: Settings) -> [(String?, TableView)] {
    tables.map { ($0.caption, TableView($0.table, rows: settings.rows, decimals: settings.decimals)) }
  }

  private func progress(_ progress: Progress) -> DisplayMessage {
    if progress.fraction >= 1 {
      let isShown = state.withLock { $0.shownProgress.remove(progress.id) != nil }
      let nothing = DisplayBundle([DisplayBundle.Part("text/plain", .text(""))])
      return isShown ? .update(nothing, id: "progress-\(progress.id)") : .stream(.stdout, "")
    }
    let share = min(1, max(0, progress.fraction.isFinite ? progress.fraction : 0))
    let percent = ValueFormat.percent(0).text(share)
    let blocks = Int(exactly: (share * 24).rounded()) ?? 0
    let bar = String(repeating: "█", count: blocks) + String(repeating: "░", count: 24 - blocks)
    let width = FixedPoint.digits(share * 100, decimals: 0)
    let html =
      "<div style=\"font-size:0.88em\">\(HTMLText.escape(progress.label)) \(percent)"
      + "<div style=\"width:320px;height:6px;border-radius:3px;background:rgba(128,128,128,0.25)\">"
      + "<div style=\"width:\(width)%;height:6px;border-radius:3px;background:\(Palette.series(0))\"></div></div></div>"
    let bundle = DisplayBundle([
      DisplayBundle.Part("text/html", .text(html)),
      DisplayBundle.Part("text/plain", .text("\(progress.label) \(bar) \(percent)")),
    ])
    let id = "progress-\(progress.id)"
    let isNew = state.withLock { $0.shownProgress.insert(progress.id).inserted }
    return isNew ? .display(bundle, id: id) : .update(bundle, id: id)
  }

  private func diagnostic(_ item: RenderedDiagnostic) -> DisplayMessage {
    guard item.diagnostic.severity == .warning else { return .error(error([item])) }
    let text = DiagnosticRenderer().render(item)
    let html =
      "<pre style=\"border-left:3px solid \(Palette.series(1));padding:2px 8px;margin:4px 0\">\(HTMLText.escape(text))</pre>"
    return .display(
      DisplayBundle([DisplayBundle.Part("text/html", .text(html)), DisplayBundle.Part("text/plain", .text(text))]),
      id: nil)
  }

  /// The value of an expression in words.
  package static func text(_ value: Value, _ measure: Measure) -> String {
    guard let type = value.dataType else { return ValueFormat(.plain).text(value) }
    return ValueFormat(Field("", type, measure: measure), Column.of(type, [value])).text(value)
  }

  private func missingImages() -> String? {
    guard let fact = ChartBundle.missingImages else { return nil }
    return state.withLock { state in
      if state.hasSaidImagesAreMissing { return nil }
      state.hasSaidImagesAreMissing = true
      return fact
    }
  }
}
