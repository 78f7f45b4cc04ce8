import CScan
import Testing

/// Blocks of memory keep their contents when they grow and shrink, whatever pages they are made of.
struct RoomTests {
  @Test(arguments: [false, true])
  func contentsStay(isScattered: Bool) throws {
    var bytes = 1_000
    var block = try #require(martlet_room_resize(nil, 0, bytes))
    var written = 0
    // A mark every thousand bytes.
    func mark(_ place: Int) -> UInt32 { UInt32(truncatingIfNeeded: place &* 2_654_435_761) }
    func isKept(upTo end: Int) -> Bool {
      stride(from: 0, to: end - 4, by: 1_000).allSatisfy {
        block.loadUnaligned(fromByteOffset: $0, as: UInt32.self) == mark($0)
      }
    }
    for wanted in [60_000, 1_100_000, 5_000_001, 20_000_000, 33_333_333, 90_000_000, 40_000_000, 2_000_000, 70_000] {
      while written < bytes - 4 {
        block.storeBytes(of: mark(written), toByteOffset: written, as: UInt32.self)
        written += 1_000
      }
      block = try #require(martlet_room_resize(block, bytes, wanted))
      if isScattered { martlet_room_scattered(block, wanted) }
      #expect(isKept(upTo: min(bytes, wanted)), "from \(bytes) to \(wanted) bytes")
      bytes = wanted
      written = min(written, (bytes - 4) / 1_000 * 1_000)
    }
    martlet_room_free(block, bytes)
  }
}
