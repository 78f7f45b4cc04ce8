import CScan
import TestSupport
import Testing

/// The places of separators are those that reading byte by byte finds, by wide instructions and without.
struct ScanTests {
  /// Delimiters and row ends outside quotes, byte by byte.
  private func places(_ text: [UInt8]) -> [UInt32] {
    var isInside = false
    return text.indices.compactMap { place in
      if text[place] == UInt8(ascii: "\"") { isInside.toggle() }
      let isSeparator = text[place] == UInt8(ascii: ",") || text[place] == UInt8(ascii: "\n")
      return isSeparator && !isInside ? UInt32(place) : nil
    }
  }

  private typealias Scan = (
    UnsafePointer<UInt8>?, Int, UInt8, UInt8, UInt32, martlet_choice, UnsafeMutablePointer<UInt32>?,
    UnsafeMutablePointer<martlet_scan_state>?
  ) -> Int

  /// Scans in pieces of some size, each going on where the one before ended.
  private func scanned(
    _ text: [UInt8], piece: Int, choosing fields: [UInt32] = [], _ scan: Scan
  ) -> (places: [UInt32], state: martlet_scan_state) {
    let padded = text + [UInt8](repeating: UInt8(ascii: ","), count: 64)
    var places = [UInt32](repeating: 0, count: text.count + 16)
    var state = martlet_scan_start()
    var found = 0
    padded.withUnsafeBufferPointer { bytes in
      places.withUnsafeMutableBufferPointer { out in
        guard let bytes = bytes.baseAddress, let out = out.baseAddress else { return }
        fields.withUnsafeBufferPointer { fields in
          let choice = martlet_choice(fields: fields.baseAddress, count: fields.count)
          for start in stride(from: 0, to: text.count, by: piece) where state.ragged == 0 {
            let count = min(piece, text.count - start)
            found += scan(
              bytes + start, count, UInt8(ascii: ","), UInt8(ascii: "\n"), UInt32(start), choice, out + found, &state)
          }
        }
      }
    }
    return (Array(places[..<found]), state)
  }

  @Test(arguments: 0..<40)
  func allWaysFindTheSamePlaces(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    // From texts of separators alone to such with hardly any.
    let others = [UInt8](repeating: UInt8(ascii: "x"), count: [0, 1, 5, 40][seed % 4])
    let alphabet = Array(",\n\"".utf8) + others
    let text = (0..<Int.random(in: 1...700, using: &random)).map { _ in
      alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
    }
    let expected = places(text)
    for piece in [1, 7, 63, 64, 65, 128, 1000] {
      let wide = scanned(text, piece: piece, martlet_scan)
      let portable = scanned(text, piece: piece, martlet_scan_portable)
      #expect(wide.places == expected, "pieces of \(piece)")
      #expect(portable.places == expected, "pieces of \(piece), portable")
      #expect(wide.state.row_ends == UInt64(expected.count { text[Int($0)] == UInt8(ascii: "\n") }))
      #expect((wide.state.stray != 0) == (portable.state.stray != 0))
      #expect(wide.state.within_quotes == portable.state.within_quotes)
    }
  }

  @Test(arguments: 0..<60)
  func chosenSeparatorsAreSomeOfAll(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let columns = Int.random(in: 1...80, using: &random)
    let fields = (0..<columns).filter { $0 == columns - 1 || Int.random(in: 0..<6, using: &random) == 0 }
    let values = ["", "x", "1234567", "\"a,b\"", "\"c\nd\"", "\"e\"\"f\"", String(repeating: "y", count: 70)]
    let rows = (0..<Int.random(in: 1...40, using: &random)).map { _ in
      (0..<columns).map { _ in values.randomElement(using: &random) ?? "" }.joined(separator: ",") + "\n"
    }
    let text = Array(rows.joined().utf8)
    let expected = places(text).enumerated().filter { fields.contains($0.offset % columns) }.map(\.element)
    for piece in [1, 63, 64, 65, 1000, 1 << 16] {
      for scan in [martlet_scan, martlet_scan_portable] as [Scan] {
        let found = scanned(text, piece: piece, choosing: fields.map { UInt32($0) }, scan)
        #expect(found.places == expected, "\(columns) columns in pieces of \(piece)")
        #expect(found.state.row_ends == UInt64(rows.count))
        #expect(found.state.ragged == 0)
        #expect(found.state.field == 0)
      }
    }
  }

  @Test(arguments: 0..<40)
  func rowsOfAnotherLengthAreNoticed(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let columns = Int.random(in: 2...80, using: &random)
    let fields = (0..<columns).filter { $0 == columns - 1 || Int.random(in: 0..<6, using: &random) == 0 }
    let row = String(repeating: "12,", count: columns - 1) + "3\n"
    let few = String(repeating: "12,", count: Int.random(in: 0..<(columns - 1), using: &random)) + "3\n"
    let many = String(repeating: "12,", count: columns - 1 + Int.random(in: 1...columns, using: &random)) + "3\n"
    for ragged in [few, many, "\n"] {
      let whole = Int.random(in: 0...5, using: &random)
      let text = Array((String(repeating: row, count: whole) + ragged + row).utf8)
      for piece in [1, 64, 1000] {
        for scan in [martlet_scan, martlet_scan_portable] as [Scan] {
          let found = scanned(text, piece: piece, choosing: fields.map { UInt32($0) }, scan)
          #expect(found.state.ragged != 0, "\(columns) columns and the row \(ragged)")
        }
      }
    }
  }
}
