import Analytics
import TestSupport
import Testing

@Suite("Exponential smoothing and theta, against statsforecast")
struct SmoothingModelTests {
  static func series(_ name: String) throws -> [Double] {
    try referenceColumns(name == "air" ? "forecast/stl.tsv" : "forecast/nile.tsv")[0]
  }

  static func form(_ code: String) -> ETSForm? {
    let letters = Array(code)
    guard let error = ETSForm.Error(rawValue: String(letters[0])),
      let trend = ETSForm.Trend(rawValue: letters.count == 4 ? "Ad" : String(letters[1])),
      let season = letters.last.flatMap({ ETSForm.Season(rawValue: String($0)) })
    else { return nil }
    return ETSForm(error, trend, season)
  }

  /// The peer searches by Nelder-Mead and stops early, so that ours may be better, never worse.
  @Test func likelihoodIsNotWorse() throws {
    for row in try SharedData.referenceLines("forecast/ets.tsv") where row[4] == "usual" {
      let y = try Self.series(row[0])
      let form = try #require(Self.form(row[1]))
      let deviance = try #require(Double(row[2]))
      let model = try #require(ETSFit.fit(y, form: form, period: row[0] == "air" ? 12 : 1))
      #expect(model.deviance < deviance + 0.05, "\(row[0]) \(form.name): \(model.deviance) against \(deviance)")
    }
  }

  @Test func criterionCountsParameters() throws {
    let y = try Self.series("nile")
    let model = try #require(ETSFit.fit(y, form: ETSForm(.additive, .none, .none), period: 1))
    #expect(model.parameters == 3)
    #expect(abs(model.aicc - (model.deviance + 6 + 24.0 / 96)) < 1e-9)
  }

  @Test func thetaIsClose() throws {
    for row in try SharedData.referenceLines("forecast/theta.tsv") where row[0] == "nile" {
      let kind = try #require(ThetaModel.Kind(rawValue: row[1]))
      let expected = row.dropFirst(2).compactMap(Double.init)
      let model = try #require(ThetaModel(try Self.series("nile"), kind: kind))
      #expect(distance(model.forecast(6), expected) < 8, "\(kind): \(model.forecast(6)) against \(expected)")
    }
  }

  @Test func trendOfALineIsFound() throws {
    let line = (1...40).map { 10 + 2 * Double($0) }
    let model = try #require(ETSFit.fit(line, form: ETSForm(.additive, .additive, .none), period: 1))
    #expect(distance(model.forecast(3), [92, 94, 96]) < 1e-3)
  }

  @Test func thingsThatCannotBeFitted() {
    #expect(ETSFit.automatic([1, 2], period: 1) == nil)
    #expect(ETSFit.fit([0, 1, 2, 3], form: ETSForm(.multiplicative, .none, .none), period: 1) == nil)
    #expect(ETSFit.fit([1, 2, 3, 4, 5], form: ETSForm(.additive, .none, .additive), period: 4) == nil)
    #expect(ThetaModel([1, 2, 3], kind: .optimised) == nil)
    let zero = ETSFit.automatic([Double](repeating: 0, count: 20), period: 1)
    #expect(zero?.forecast(2) == [0, 0])
    let constant = ETSFit.automatic([Double](repeating: 3, count: 20), period: 4)
    #expect(constant.map { distance($0.forecast(2), [3, 3]) < 1e-6 } == true)
  }
}
