import Analytics
import Columnar
import Testing

@Suite("Regular series of aggregated rows")
struct RegularSeriesTests {
  private static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: year, month: month, day: day))
  }

  private static func table(_ rows: [(CivilDate, String, Double?)], _ grain: Grain) -> Table {
    Table([
      (Field("period", .period(grain)), .period(rows.map { $0.0 }, grain)),
      (Field("shop", .text), .text(rows.map { $0.1 })),
      (Field("n", .real), .real(rows.map { $0.2 })),
    ])
  }

  private static let months = table(
    [
      (day(2024, 1, 1), "A", 10), (day(2024, 4, 1), "A", 40), (day(2024, 2, 1), "B", 5), (day(2024, 3, 1), "B", nil),
    ], .month)

  @Test func gapsOfSumsAreZero() throws {
    let all = try RegularSeries.make(
      Self.months, period: "period", groups: ["shop"], measure: "n", fill: .zero, lastDay: Self.day(2024, 4, 20))
    #expect(all.map(\.group) == [[.text("A")], [.text("B")]])
    #expect(all[0].values == [10, 0, 0, 40])
    #expect(all[0].observed == [true, false, false, true])
    // A group that has stopped goes on to the end of all.
    #expect(all[1].values == [5, 0, 0])
    #expect(all[1].periods.first == Self.day(2024, 2, 1))
  }

  @Test func gapsOfMeansLieOnALine() throws {
    let all = try RegularSeries.make(
      Self.months, period: "period", groups: ["shop"], measure: "n", fill: .interpolate, lastDay: Self.day(2024, 4, 30))
    #expect(all[0].values == [10, 20, 30, 40])
    #expect(all[1].values == [5, 5, 5])
  }

  @Test func aPeriodIsCompleteWhenItsLastDayIsCovered() throws {
    func complete(_ last: CivilDate) throws -> Int? {
      try RegularSeries.make(
        Self.months, period: "period", groups: [], measure: "n", fill: .zero, lastDay: last
      ).first?.completeCount
    }
    #expect(try complete(Self.day(2024, 4, 29)) == 3)
    #expect(try complete(Self.day(2024, 4, 30)) == 4)
  }

  @Test func daysOfRestAreThoseThatNeverSell() throws {
    let monday = Self.day(2024, 1, 1)
    func week(_ count: Int) -> [(CivilDate, String, Double?)] {
      var rows: [(CivilDate, String, Double?)] = []
      for day in 0...(count * 7) where day % 7 < 5 {
        rows.append((CivilDate(days: monday.days + Int32(day)), "A", 1))
      }
      return rows
    }
    func rest(_ count: Int) throws -> Set<Int>? {
      try RegularSeries.make(
        Self.table(week(count), .day), period: "period", groups: [], measure: "n", fill: .zero,
        lastDay: Self.day(2025, 1, 1)
      ).first?.restDays
    }
    #expect(try rest(8) == [6, 7])
    #expect(try rest(7) == [])
  }

  @Test func aWrongDateIsRefused() {
    let rows = [(CivilDate(days: -3_000_000), "A", 1.0 as Double?), (CivilDate(days: 3_000_000), "A", 1)]
    #expect(throws: AnalysisError.self) {
      try RegularSeries.make(
        Self.table(rows, .day), period: "period", groups: [], measure: "n", fill: .zero,
        lastDay: CivilDate(days: 3_000_000))
    }
  }
}
