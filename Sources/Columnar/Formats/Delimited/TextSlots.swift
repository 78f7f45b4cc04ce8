import CScan

/// An open-addressing table of texts: small slots that hold part of the hash, so that nearly always the one text that is
/// compared is the right one.
final class TextSlots {
  struct Slot {
    var tag: UInt32 = 0
    var code: UInt32 = TextSlots.absent
  }

  /// Where a text stands.
  struct Place {
    let start: UnsafePointer<UInt8>
    let count: Int
  }

  /// The table as it is now, for loops: valid until a text is added.
  struct View {
    let base: UnsafeMutablePointer<Slot>
    let mask: UInt64
    /// The first 32 bytes of each text by its code; the places are needed for longer ones only.
    let texts: UnsafeMutablePointer<TextWords>
    let places: UnsafeMutablePointer<Place>

    /// The code in the first slot with the tag, or `absent`.
    @inline(__always)
    func candidate(_ hash: UInt32, _ tag: UInt32) -> UInt32 {
      var place = Int(UInt64(hash) & mask)
      while true {
        let slot = base[place]
        if slot.tag == tag || slot.code == TextSlots.absent { return slot.code }
        place = (place &+ 1) & Int(mask)
      }
    }

    /// Whether the code is that of the text. Its slot has the text's tag, which holds a length below 255.
    @inline(__always)
    func isRight(_ code: UInt32, _ lookup: Lookup) -> Bool {
      guard texts[Int(code)] == lookup.words else { return false }
      let count = Int(lookup.count)
      if count <= 32 { return true }
      let place = places[Int(code)]
      return place.count == count && TextWords.isEqualBehind(lookup.start, place.start, count)
    }

    /// The code of the text, or `absent`.
    func find(_ lookup: Lookup) -> UInt32 {
      var place = Int(UInt64(lookup.hash) & mask)
      while true {
        let slot = base[place]
        if slot.code == TextSlots.absent || (slot.tag == lookup.tag && isRight(slot.code, lookup)) { return slot.code }
        place = (place &+ 1) & Int(mask)
      }
    }
  }

  static let absent = UInt32.max

  private var base: UnsafeMutablePointer<Slot>
  private var mask: UInt64
  private var texts: UnsafeMutablePointer<TextWords>
  private var places: UnsafeMutablePointer<Place>
  private var capacity = 64
  private var hashes: [UInt32] = []

  init() {
    mask = 255
    base = .allocate(capacity: 256)
    base.initialize(repeating: Slot(), count: 256)
    texts = TextSlots.texts(capacity)
    places = .allocate(capacity: capacity)
  }

  /// Room in which no text lies across two cache lines.
  private static func texts(_ capacity: Int) -> UnsafeMutablePointer<TextWords> {
    let bytes = capacity * MemoryLayout<TextWords>.stride
    let room = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    martlet_room_scattered(room, bytes)
    return room.bindMemory(to: TextWords.self, capacity: capacity)
  }

  deinit {
    base.deallocate()
    texts.deallocate()
    places.deallocate()
  }

  var view: View { View(base: base, mask: mask, texts: texts, places: places) }

  /// Adds a text that is not there; codes come in order.
  func insert(_ lookup: Lookup, _ start: UnsafePointer<UInt8>, _ code: UInt32) {
    if Int(code) >= capacity {
      let (longer, further) = (
        TextSlots.texts(capacity * 2), UnsafeMutablePointer<Place>.allocate(capacity: capacity * 2)
      )
      longer.moveInitialize(from: texts, count: capacity)
      further.moveInitialize(from: places, count: capacity)
      texts.deallocate()
      places.deallocate()
      (texts, places) = (longer, further)
      capacity *= 2
    }
    (texts + Int(code)).initialize(to: lookup.words)
    (places + Int(code)).initialize(to: Place(start: start, count: Int(lookup.count)))
    hashes.append(lookup.hash)
    put(Slot(tag: lookup.tag, code: code), lookup.hash)
    if hashes.count * 3 > (Int(mask) + 1) * 2 { grow() }
  }

  private func put(_ slot: Slot, _ hash: UInt32) {
    var place = Int(UInt64(hash) & mask)
    while base[place].code != TextSlots.absent { place = (place + 1) & Int(mask) }
    base[place] = slot
  }

  private func grow() {
    let (old, size) = (base, Int(mask) + 1)
    base = .allocate(capacity: size * 2)
    martlet_room_scattered(base, size * 2 * MemoryLayout<Slot>.stride)
    base.initialize(repeating: Slot(), count: size * 2)
    mask = UInt64(size * 2 - 1)
    for place in 0..<size where old[place].code != TextSlots.absent { put(old[place], hashes[Int(old[place].code)]) }
    old.deallocate()
  }
}
