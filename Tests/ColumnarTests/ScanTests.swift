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
    UnsafePointer<UInt8>?, Int, UInt8, UInt8, UInt32, UnsafeMutablePointer<UInt32>?,
    UnsafeMutablePointer<martlet_scan_state>?
  ) -> Int

  /// Scans in pieces of some size, each going on where the one before ended.
  private func scanned(_ text: [UInt8], piece: Int, _ scan: Scan) -> (places: [UInt32], state: martlet_scan_state) {
    let padded = text + [UInt8](repeating: UInt8(ascii: ","), count: 64)
    var places = [UInt32](repeating: 0, count: text.count + 16)
    var state = martlet_scan_start()
    var found = 0
    padded.withUnsafeBufferPointer { bytes in
      places.withUnsafeMutableBufferPointer { out in
        guard let bytes = bytes.baseAddress, let out = out.baseAddress else { return }
        for start in stride(from: 0, to: text.count, by: piece) {
          let count = min(piece, text.count - start)
          found += scan(
            bytes + start, count, UInt8(ascii: ","), UInt8(ascii: "\n"), UInt32(start), out + found, &state)
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
}
