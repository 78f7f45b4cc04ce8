import Analytics
import Columnar
import TestSupport
import Testing

@Suite("Outlier rules, against pandas and SciPy")
struct OutlierRuleTests {
  private static func samples() throws -> [String: [Double]] {
    var samples: [String: [Double]] = [:]
    for row in try SharedData.referenceLines("series/samples.tsv") {
      samples[row[0], default: []].append(try #require(Double(row[1])))
    }
    return samples
  }

  private static func unusual(_ values: [Double], _ rule: OutlierRule) throws -> [Int] {
    let limits = try #require(rule.limits(values))
    return values.indices.filter { limits.isUnusual(values[$0]) }
  }

  @Test func limitsAndFlags() throws {
    let samples = try Self.samples()
    let lines = try SharedData.referenceLines("series/outliers.tsv")
    #expect(lines.count == samples.count)
    for row in lines {
      let values = try #require(samples[row[0]])
      let numbers = row[1...7].compactMap(Double.init)
      let iqr = try #require(OutlierRule(.iqr).limits(values))
      #expect(distance([iqr.low, iqr.high], Array(numbers[0...1])) < 1e-9, "\(row[0])")
      let zscore = try #require(OutlierRule(.zscore).limits(values))
      #expect(distance([zscore.center, zscore.scale], Array(numbers[2...3])) < 1e-9, "\(row[0])")
      // The rounded constant 1.4826 is the field's custom; SciPy has 1.482602….
      let mad = try #require(OutlierRule(.mad).limits(values))
      #expect(mad.center == numbers[4] && abs(mad.scale / numbers[5] - 1) < 2e-6, "\(row[0])")
      #expect(abs(OutlierRule.skewness(values) - numbers[6]) < 1e-9, "\(row[0])")
      for (method, flags) in zip([OutlierRule.Method.iqr, .zscore, .mad], row[8...10]) {
        let expected = flags.split(separator: ",").compactMap { Int($0) }
        #expect(try Self.unusual(values, OutlierRule(method)) == expected, "\(row[0]) by \(method)")
      }
    }
  }

  @Test func shapeDecidesTheRule() throws {
    let samples = try Self.samples()
    #expect(OutlierRule.automatic(try #require(samples["normal"])).method == .zscore)
    #expect(OutlierRule.automatic(try #require(samples["skewed"])).method == .iqr)
    #expect(OutlierRule.automatic([4, 4, 4]).method == .zscore)
  }

  @Test func whereNothingVariesNothingIsUnusual() throws {
    for method in OutlierRule.Method.allCases {
      #expect(try Self.unusual([5, 5, 5, 5], OutlierRule(method)).isEmpty)
      #expect(OutlierRule(method).limits([1, 2]) == nil)
    }
    // Half of the values are alike: the rest has no distance to be measured in.
    #expect(try Self.unusual([1, 1, 1, 1, 1, 9], OutlierRule(.mad)).isEmpty)
  }

  @Test func tailsWidenTheScaleOfAWholeSeries() throws {
    let values = (1...100).map { (i: Int) -> Double in
      if i % 6 == 0 { return Double(i % 5 - 2) * 10 }
      return Double(i % 7 - 3)
    }
    let plain = try #require(OutlierRule(.mad).limits(values))
    let wide = try #require(OutlierRule(.stl).limits(values))
    #expect(wide.scale > plain.scale && wide.center == plain.center)
    #expect(OutlierRule(.stl).threshold == 3.5)
  }
}

@Suite("Unusual points of a series")
struct SeriesOutlierTests {
  /// The series of `series_reference.py`: five odd days, two of them beside each other.
  private static func daily() throws -> [Double] { try referenceColumns("series/daily.tsv")[0] }

  @Test func findsThePlantedDays() throws {
    let found = try #require(
      SeriesOutliers(try Self.daily(), season: 7, trend: OutlierRule.trendSpan(.day), rule: OutlierRule(.stl)))
    #expect(found.isUnusual.indices.filter { found.isUnusual[$0] } == [20, 47, 48, 111, 160])
    #expect(found.season == 7)
    #expect(found.scores[20] > 3.5 && found.scores[47] < -3.5)
  }

  @Test func expectationIsTrendAndSeason() throws {
    let columns = try referenceColumns("series/daily.tsv")
    let found = try #require(SeriesOutliers(columns[0], season: 7, trend: 57, rule: OutlierRule(.stl)))
    #expect(distance(found.expected, zip(columns[6], columns[7]).map { $0 + $1 }) < 1e-8)
  }

  @Test func withoutTwoSeasonsItIsTheMedian() throws {
    let short: [Double] = [10, 12, 11, 13, 12, 11, 90, 12, 10, 11]
    let found = try #require(SeriesOutliers(short, season: 7, rule: OutlierRule(.stl)))
    #expect(found.season == 1)
    #expect(found.expected == [Double](repeating: 11.5, count: 10))
    #expect(found.isUnusual.indices.filter { found.isUnusual[$0] } == [6])
    let limits = try #require(OutlierRule(.mad).limits(short))
    #expect(abs(found.high[0] - limits.high) < 1e-12)
    #expect(SeriesOutliers([1, 2], season: 7, rule: OutlierRule(.stl)) == nil)
  }

  /// Closed Sundays neither narrow the scale nor count as unusual; an open one does.
  @Test func daysOfRest() throws {
    var y = try Self.daily()
    for i in stride(from: 6, to: y.count, by: 7) { y[i] = 0 }
    let rest = y.indices.map { $0 % 7 == 6 }
    let closed = try #require(SeriesOutliers(y, season: 7, trend: 57, rule: OutlierRule(.stl), atRest: rest))
    #expect(y.indices.allSatisfy { $0 % 7 != 6 || !closed.isUnusual[$0] })
    y[69] = 80
    let open = try #require(SeriesOutliers(y, season: 7, trend: 57, rule: OutlierRule(.stl), atRest: rest))
    #expect(open.isUnusual[69])
  }
}
