import CZlib
import CZstd
import Columnar
import Foundation
import TestSupport
import Testing

/// Packed files, which are unpacked while they are read, give what the plain file gives: the same tables, reports and errors.
struct PackedFileTests {
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let made = output.count
    let left = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to -> Int in
        stream.next_in = from.baseAddress
        stream.avail_in = UInt32(from.count)
        stream.next_out = to.baseAddress
        stream.avail_out = UInt32(to.count)
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return Int(stream.avail_out)
      }
    }
    return Array(output.prefix(made - left))
  }

  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let made = ZSTD_compress(&output, output.count, bytes, bytes.count, 1)
    return Array(output.prefix(made))
  }

  private func withFile<T>(_ bytes: [UInt8], _ body: (String) throws -> T) throws -> T {
    try withTemporaryFile("") { path in
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try body(path)
    }
  }

  private enum Outcome: Equatable {
    case table([[Value]], [Field], [String])
    case error(String)
  }

  /// What reading comes to, without the path.
  private func outcome(_ path: String, _ options: CSVOptions, _ read: () throws -> (Table, [String])) -> Outcome {
    do {
      let (table, notes) = try read()
      return .table(table.columns.map { column in (0..<table.rowCount).map { column[$0] } }, table.schema.fields, notes)
    } catch {
      return .error("\(error)".replacing(path, with: ""))
    }
  }

  private func whole(_ bytes: [UInt8], _ options: CSVOptions) throws -> Outcome {
    try withFile(bytes) { path in
      outcome(path, options) {
        let (table, report) = try CSVReader(path: path, options: options).read()
        let notes = [
          "\(report.encoding)", "\(report.delimiter)", "\(String(describing: report.decimal))", "\(report.hasHeader)",
          "\(report.dates)", "\(report.skippedRows) \(report.blankLines)", "\(report.renamed)", "\(report.missing)",
        ]
        return (table, notes)
      }
    }
  }

  /// Several megabytes of text in which a part behind the head, now and then, is not as the head promises.
  private func text(seed: Int) -> [UInt8] {
    var random = SeededGenerator(seed: UInt64(seed) &* 77)
    let rows = [100, 4_000, 30_000, 45_000][seed % 4]
    let surprise = seed / 4 % 12
    let place = Int.random(in: rows / 2..<rows, using: &random)
    var text = "id,day,late,amount,name\n"
    for row in 0..<rows {
      var late = ""
      var amount = "\(row % 977).\(row % 10)"
      var day = "\(row % 12 + 1)/\(row % 12 + 1)/2011"
      var name = "name \(row % 5003)"
      let isThere = row >= place
      switch surprise {
      case 1 where isThere: late = "\(row)"
      case 2 where isThere: late = "x\(row % 7)"
      case 3 where row == place: amount = "much"
      case 4 where row == place: day = "13/1/2011"
      case 5 where isThere: name = "naïve \(row % 11)"
      case 6 where row == place: name = "two\",\"fields"
      case 7 where row == place: name = "\"open"
      case 8 where isThere: amount = "\(row)"
      case 9 where row == place: name += "\n\n"
      case 10 where isThere: late = "2011-0\(row % 9 + 1)-01"
      case 11 where isThere: day = "1/\(row % 28 + 1)/2011 08:\(row % 50 + 10)"
      default: break
      }
      let filler = String(repeating: "y", count: Int.random(in: 0..<20, using: &random))
      text += "\(row),\(day),\(late),\(amount),\(name.hasPrefix("two") ? name : "\"" + name + filler + "\"")\n"
    }
    let bytes = Array(text.utf8)
    // As ISO 8859-1: ï is one byte.
    guard surprise == 5, seed % 2 == 0 else { return bytes }
    return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  @Test(arguments: 0..<48)
  func whatIsPackedReadsLikeThePlainFile(seed: Int) throws {
    let bytes = text(seed: seed)
    var options = CSVOptions()
    if seed % 3 == 0 { options.badRows = .skip }
    options.chunkBytes = [1 << 19, 1 << 16, 5_000][seed % 3]
    let plain = try whole(bytes, options)
    let isSame = try whole(Self.gzip(bytes), options) == plain
    #expect(isSame, "gzip")
    let half = bytes.count / 2
    let isSameInTwo = try whole(Self.zstd(Array(bytes[..<half])) + Self.zstd(Array(bytes[half...])), options) == plain
    #expect(isSameInTwo, "two frames of zstd")
  }

  @Test(arguments: 0..<24)
  func partsOfWhatIsPackedAreTheWholeOrSayThatTheyDrift(seed: Int) throws {
    let bytes = text(seed: seed * 2)
    var options = CSVOptions()
    options.chunkBytes = [1 << 19, 4_000][seed % 2]
    try withFile(seed % 2 == 0 ? Self.gzip(bytes) : Self.zstd(bytes)) { path in
      guard let scan = try? CSVReader(path: path, options: options).scan() else { return }
      guard let whole = try? CSVReader(path: path, options: options).read().table else {
        #expect(throws: (any Error).self) {
          try scan.mapParts(scan.schema.names, within: [], Cancellation()) { $0.rowCount }
        }
        return
      }
      // Each way through the file begins anew.
      for _ in 0..<2 {
        do {
          let parts = try scan.mapParts(scan.schema.names, within: [], Cancellation()) { $0 }
          #expect(parts.reduce(0) { $0 + $1.rowCount } == whole.rowCount)
          #expect(scan.schema.fields.map(\.type) == whole.schema.fields.map(\.type))
          for (position, column) in whole.columns.enumerated() {
            let read = parts.flatMap { part in (0..<part.rowCount).map { part.columns[position][$0] } }
            let isSame = read.indices.allSatisfy { read[$0] == column[$0] }
            #expect(isSame, "column \(position)")
          }
        } catch is FileScan.Drift {}
      }
    }
  }

  @Test func packedFilesPromiseSomethingToPipelines() throws {
    try withFile(Self.gzip(text(seed: 3))) { path in
      var options = CSVOptions()
      options.chunkBytes = 1 << 16
      let scan = try #require(try CSVReader(path: path, options: options).scan())
      let counts = try scan.mapParts(["name"], within: [], Cancellation()) { $0.rowCount }
      #expect(counts.count > 1)
      #expect(counts.reduce(0, +) == 45_000)
      #expect(scan.report.compression == "gzip")
    }
  }

  @Test(arguments: ["gzip", "zstd"])
  func aCutFileIsDamagedWhereverItIsCut(format: String) throws {
    let bytes = text(seed: 2)
    let packed = format == "gzip" ? Self.gzip(bytes) : Self.zstd(bytes)
    for eighth in 1..<8 {
      let cut = Array(packed[..<(packed.count / 8 * eighth)])
      try withFile(cut) { path in
        var found: [SourceError] = []
        for attempt in 0..<2 {
          do {
            if attempt == 0 {
              _ = try CSVReader(path: path).read()
            } else {
              let scan = try #require(try CSVReader(path: path).scan())
              _ = try scan.mapParts(scan.schema.names, within: [], Cancellation()) { $0.rowCount }
            }
            Issue.record("a cut file was read")
          } catch let error as SourceError {
            found.append(error)
          }
        }
        guard case .damagedArchive(_, format, let unpacked, let lines)? = found.first else {
          Issue.record("\(found)")
          return
        }
        #expect(found.allSatisfy { $0 == found[0] })
        #expect(unpacked <= bytes.count && lines == bytes[..<unpacked].count { $0 == UInt8(ascii: "\n") })
      }
    }
    // Whatever else is wrong with it: that it is damaged explains it.
    let ragged = Self.gzip(Array("a,b\n1,2,3\n".utf8) + bytes)
    try withFile(Array(ragged.dropLast(30))) { path in
      do {
        _ = try CSVReader(path: path).read()
      } catch SourceError.damagedArchive {
        return
      }
      Issue.record("the damage is not said")
    }
  }

  @Test func rowsOfAPackedFileAreReadAsFarAsTheyAreAskedFor() throws {
    let packed = Self.gzip(text(seed: 3))
    var options = CSVOptions()
    options.rows = 10
    let (table, _) = try CSVReader(path: "memory", options: options).read(packed, LoadReport())
    #expect(table.rowCount == 10)
  }

  @Test(arguments: [0, 1, 2])
  func anInterruptEndsReading(kind: Int) throws {
    let bytes = text(seed: 3)
    try withFile(kind == 0 ? Self.zstd(bytes) : Self.gzip(bytes)) { path in
      let cancellation = Cancellation()
      cancellation.cancel()
      #expect(throws: Cancelled.self) { try CSVReader(path: path, cancellation: cancellation).read() }
    }
  }
}
