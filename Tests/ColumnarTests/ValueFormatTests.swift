import Columnar
import Testing

/// Numbers, dates and durations in words.
@Suite struct ValueFormatTests {
  @Test func fixedPointRoundsTheBinaryValue() {
    // The answers of Python's format(), which rounds correctly: 2.675 is a little less, 0.125 exactly between.
    #expect(FixedPoint.digits(2.675, decimals: 2) == "2.67")
    #expect(FixedPoint.digits(0.125, decimals: 2) == "0.12")
    #expect(FixedPoint.digits(1e22, decimals: 0) == "10000000000000000000000")
    #expect(FixedPoint.digits(-0.001, decimals: 2) == "0.00")
    #expect(FixedPoint.digits(.infinity, decimals: 2) == "∞")
    #expect(FixedPoint.digits(1.5, decimals: -3) == "2")
    #expect(FixedPoint.digits(.greatestFiniteMagnitude, decimals: 17).count == 327)
  }

  @Test func thousandsAreGrouped() {
    #expect(FixedPoint.grouped("-1234567.891") == "-1,234,567.891")
    #expect(FixedPoint.grouped("999") == "999")
    #expect(FixedPoint.grouped("∞") == "∞")
  }

  @Test func measuresDecide() {
    let money = ValueFormat(Field("a", .real, measure: .currency("£")), .real([9_747_747.93]))
    #expect(money.text(9_747_747.93) == "£9,747,748")
    #expect(money.text(-12.4) == "-£12")
    #expect(ValueFormat(Field("a", .real, measure: .currency("€")), .real([15.3])).text(15.3) == "€15.30")
    #expect(ValueFormat(Field("a", .real, measure: .percent)).text(0.3336) == "33.4 %")
    #expect(ValueFormat(Field("a", .integer)).text(.integer(.max)) == "9,223,372,036,854,775,807")
    #expect(ValueFormat(Field("id", .integer, measure: .identifier)).text(.integer(17850)) == "17850")
    #expect(ValueFormat(Field("a", .real), .real([0.00312, 0.00089])).text(0.00312) == "0.00312")
    #expect(ValueFormat(Field("p", .real, format: .pValue)).text(0.0004) == "<0.001")
    #expect(ValueFormat(Field("a", .real, format: .number(decimals: 0))).text(3.7) == "4")
  }

  @Test func datesAreISOAndMonthsAreWords() throws {
    let day = try #require(CivilDate(year: 2010, month: 12, day: 9))
    let iso = ValueFormat(Field("d", .date))
    #expect(iso.text(.date(day)) == "2010-12-09")
    #expect(iso.text(.period(Period(.month, containing: day))) == "Dec 2010")
    #expect(iso.text(.period(Period(.quarter, containing: day))) == "2010 Q4")
    #expect(iso.text(.period(Period(.week, containing: day))) == "2010-W49")
    let pattern = ValueFormat(Field("d", .datetime, format: .date(pattern: "d MMM yyyy, HH:mm")))
    #expect(pattern.text(.datetime(Timestamp(day, hour: 8, minute: 5))) == "9 Dec 2010, 08:05")
  }

  @Test func axesHaveShortNumbers() {
    let money = ValueFormat.currency("£", 0)
    #expect(money.compact(1_500_000, step: 500_000) == "£1.5M")
    #expect(money.compact(0, step: 500_000) == "£0")
    #expect(money.compact(-20_000, step: 10_000) == "-£20k")
    #expect(ValueFormat.percent(1).compact(0.25, step: 0.05) == "25 %")
    #expect(ValueFormat.percent(1).compact(0.005, step: 0.001) == "0.5 %")
    #expect(ValueFormat.number(0).compact(1500, step: 500) == "1,500")
    #expect(ValueFormat.number(2).compact(999_999) == "1.0M")
  }

  @Test func durationsAreWords() {
    #expect(ValueFormat.text(CalendarDuration(months: 3, days: 1)) == "3 months 1 day")
    #expect(ValueFormat.text(CalendarDuration()) == "0 days")
  }
}
