/// An open-addressing table of texts: small slots that hold part of the hash, so that nearly always the one text that is
/// compared is the right one.
final class TextSlots {
  struct Slot {
    var tag: UInt32 = 0
    var code: UInt32 = TextSlots.absent
  }

  /// A text by its code: its first 32 bytes, and where all of it stands.
  struct Text {
    let words: TextWords
    let start: UnsafePointer<UInt8>
    let count: Int
  }

  /// The table as it is now, for loops: valid until a text is added.
  struct View {
    let base: UnsafeMutablePointer<Slot>
    let mask: UInt64
    let texts: UnsafeMutablePointer<Text>

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

    /// Whether the code is that of the text.
    @inline(__always)
    func isRight(_ code: UInt32, _ lookup: Lookup) -> Bool {
      let text = texts + Int(code)
      let count = Int(lookup.count)
      guard text.pointee.words == lookup.words, text.pointee.count == count else { return false }
      return count <= 32 || TextWords.isEqualBehind(lookup.start, text.pointee.start, count)
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
  private var texts: UnsafeMutablePointer<Text>
  private var capacity = 64
  private var hashes: [UInt32] = []

  init() {
    mask = 255
    base = .allocate(capacity: 256)
    base.initialize(repeating: Slot(), count: 256)
    texts = .allocate(capacity: capacity)
  }

  deinit {
    base.deallocate()
    texts.deallocate()
  }

  var view: View { View(base: base, mask: mask, texts: texts) }

  /// Adds a text that is not there; codes come in order.
  func insert(_ lookup: Lookup, _ start: UnsafePointer<UInt8>, _ code: UInt32) {
    if Int(code) >= capacity {
      let larger = UnsafeMutablePointer<Text>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: texts, count: capacity)
      texts.deallocate()
      texts = larger
      capacity *= 2
    }
    (texts + Int(code)).initialize(to: Text(words: lookup.words, start: start, count: Int(lookup.count)))
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
    base.initialize(repeating: Slot(), count: size * 2)
    mask = UInt64(size * 2 - 1)
    for place in 0..<size where old[place].code != TextSlots.absent { put(old[place], hashes[Int(old[place].code)]) }
    old.deallocate()
  }
}
