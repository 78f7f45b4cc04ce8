import CZlib
import Columnar
import Testing

/// What is said of files that are damaged deep inside: the row, the column, the value.
struct BadInputTests {
  private func read(_ bytes: [UInt8], _ change: (inout CSVOptions) -> Void = { _ in }) throws -> (
    table: Table, report: LoadReport
  ) {
    var options = CSVOptions()
    options.chunkBytes = 1000
    change(&options)
    return try CSVReader(path: "m.csv", options: options).read(bytes, LoadReport())
  }

  private func rows(_ count: Int, _ text: (Int) -> String = { "name \($0)" }) -> [UInt8] {
    Array(("n,t\n" + (0..<count).map { "\($0),\(text($0))\n" }.joined()).utf8)
  }

  @Test func aFieldTooManyIsFoundInItsRow() throws {
    let bytes = rows(20_000) + Array("1,2,3\n".utf8) + Array("4,five\n".utf8)
    #expect(
      throws: SourceError.raggedRow(path: "m.csv", row: 20_002, expected: 2, found: 3, text: "1,2,3", count: 1)
    ) { try read(bytes) }
    let (table, report) = try read(bytes) { $0.badRows = .skip }
    #expect(table.rowCount == 20_001)
    #expect(report.skippedRows == 1)
    #expect(table["t"]?[20_000] == .text("five"))
  }

  @Test func foreignBytesAreShownInTheirRowAndColumn() throws {
    let good = rows(5_000) { "Zoë \($0)" }
    let bytes = good + Array("7,Caf".utf8) + [0xe9] + Array("\n8,x\n".utf8)
    let expected = SourceError.badEncoding(
      path: "m.csv", encoding: "UTF-8", row: 5_002, column: "t", value: "Caf\\xE9")
    #expect(throws: expected) { try read(bytes) { $0.encoding = .utf8 } }
    // Thousands of characters of UTF-8 and one byte that is none: damage, not another encoding.
    #expect(throws: expected) { try read(bytes) }
    #expect(try read(bytes) { $0.encoding = .latin1 }.table["t"]?[5_000] == .text("Café"))
  }

  @Test func aCutArchiveSaysHowFarItGot() throws {
    let text = rows(5_000)
    var packed = [UInt8](repeating: 0, count: text.count + 1_000)
    var stream = z_stream()
    #expect(
      deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK)
    var source = text
    source.withUnsafeMutableBufferPointer { source in
      packed.withUnsafeMutableBufferPointer { out in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(out.count)
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      }
    }
    let size = packed.count - Int(stream.avail_out)
    deflateEnd(&stream)
    #expect(try read(Array(packed[..<size])).table.rowCount == 5_000)
    do {
      _ = try read(Array(packed[..<(size / 2)]))
      Issue.record("half an archive is no table")
    } catch SourceError.damagedArchive(let path, let format, let unpacked, let lines) {
      #expect(path == "m.csv" && format == "gzip")
      #expect(unpacked < text.count)
      #expect(lines == text[..<unpacked].count { $0 == UInt8(ascii: "\n") })
    }
  }
}
