import CSodium

/// HMAC-SHA256 signatures of messages (RFC 2104), by libsodium. An empty key means that nothing is signed.
package struct Signer: Sendable {
  private let key: [UInt8]

  package init(key: String) { self.key = Array(key.utf8) }

  /// The signature of the frames' bytes in order, as 64 hexadecimal digits; empty without a key.
  package func sign(_ frames: ArraySlice<[UInt8]>) -> [UInt8] {
    if key.isEmpty { return [] }
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    for frame in frames { crypto_auth_hmacsha256_update(&state, frame, UInt64(frame.count)) }
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_auth_hmacsha256_final(&state, &digest)
    return digest.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }
  }

  /// Whether the signature is that of the frames, compared in constant time.
  package func verifies(_ signature: [UInt8], of frames: ArraySlice<[UInt8]>) -> Bool {
    if key.isEmpty { return true }
    let expected = sign(frames)
    return signature.count == expected.count && sodium_memcmp(signature, expected, expected.count) == 0
  }
}
