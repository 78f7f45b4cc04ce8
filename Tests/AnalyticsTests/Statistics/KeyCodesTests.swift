import Analytics
import Columnar
import Testing

@Suite struct KeyCodesTests {
  @Test func equalValuesHaveEqualCodes() throws {
    let columns: [Column] = [
      .text(["b", "a", nil, "b"]), .integer([7, 3, nil, 7]), .integer([Int64.max, Int64.min, nil, Int64.max]),
      .real([0.5, -0.0, nil, 0.5]), Column(.boolean([true, false, true, true])),
      .date([CivilDate(days: 9), CivilDate(days: -4), CivilDate(days: 9), CivilDate(days: 9)]),
    ]
    for column in columns {
      let keys = KeyCodes(column)
      #expect(keys.codes[0] == keys.codes[3])
      #expect(keys.codes[0] != keys.codes[1])
      for row in 0..<4 where !column.isMissing(row) {
        #expect(Int(keys.codes[row]) < keys.count)
        #expect(keys.value(Int(keys.codes[row])).number == column[row].number)
      }
      #expect(keys.value(Int(keys.codes[0])) == column[0])
    }
  }
}
