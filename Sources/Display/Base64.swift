/// Base64 as RFC 4648 defines it.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The bytes as text, with padding and without line breaks.
  package static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let a = UInt32(bytes[index])
      let b = left > 1 ? UInt32(bytes[index + 1]) : 0
      let c = left > 2 ? UInt32(bytes[index + 2]) : 0
      let group = a << 16 | b << 8 | c
      out.append(alphabet[Int(group >> 18 & 63)])
      out.append(alphabet[Int(group >> 12 & 63)])
      out.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : 0x3D)
      out.append(left > 2 ? alphabet[Int(group & 63)] : 0x3D)
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }
}
