#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The version of the messaging protocol that the kernel speaks.
public let protocolVersion = "5.5"

/// A message that came in: identities for the way back, its header as bytes to echo, and content still to be decoded.
/// See https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
struct Message: Sendable {
  /// The header's fields that a kernel acts on.
  struct Header: Decodable, Sendable {
    let id: String
    let type: String
    /// The subshell that the request is for (JEP 91); nil for the main shell.
    let subshellId: String?

    enum CodingKeys: String, CodingKey {
      case id = "msgId"
      case type = "msgType"
      case subshellId
    }
  }

  let identities: [[UInt8]]
  let header: Header
  /// The header's raw bytes: every message that answers this one carries them as its parent header, unknown fields too.
  let rawHeader: [UInt8]
  /// The header of the message that this one answers, as bytes.
  let rawParent: [UInt8]
  let signature: [UInt8]
  let content: [UInt8]
  /// When the message was read, in seconds of a clock that only goes forward.
  let received: Double

  /// Why frames are no message. The sender gets no answer: a frame that cannot be read names no one to answer.
  enum Malformed: Error {
    case noDelimiter
    case tooFewFrames(Int)
    case badSignature
    case part(String, String)
  }

  private static let delimiter = Array("<IDS|MSG>".utf8)

  /// Splits, verifies and decodes the frames of one message.
  init(_ frames: [[UInt8]], signer: Signer) throws(Malformed) {
    guard let border = frames.firstIndex(of: Message.delimiter) else { throw .noDelimiter }
    guard frames.count >= border + 6 else { throw .tooFewFrames(frames.count - border - 1) }
    let parts = frames[(border + 2)...(border + 5)]
    guard signer.verifies(frames[border + 1], of: parts) else { throw .badSignature }
    identities = Array(frames[..<border])
    rawHeader = frames[border + 2]
    rawParent = frames[border + 3]
    header = try Message.decode(Header.self, rawHeader, part: "header")
    // It will be echoed as it is: what decoding has not looked at must be text as well.
    guard String(validating: rawHeader, as: UTF8.self) != nil else { throw .part("header", "no UTF-8") }
    signature = frames[border + 1]
    content = frames[border + 5]
    received = now()
  }

  /// The type of the message that answers this request; nil when it is no request.
  var replyType: String? {
    let suffix = "_request"
    guard header.type.hasSuffix(suffix) else { return nil }
    return header.type.dropLast(suffix.count) + "_reply"
  }

  /// The identifier of the message that this one answers, if it names one.
  var parentID: String? { try? Message.decode(Header.self, rawParent, part: "parent header").id }

  /// Decodes the content as the type of its request.
  func decode<Content: Decodable>(_ type: Content.Type) throws(Malformed) -> Content {
    try Message.decode(type, content, part: "content")
  }

  private static func decode<T: Decodable>(_ type: T.Type, _ bytes: [UInt8], part: String) throws(Malformed) -> T {
    let decoder = JSONDecoder()
    // The protocol's `cursor_pos` is Swift's `cursorPos`; the keys of dictionaries stay as they are.
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(type, from: Data(bytes)) } catch { throw .part(part, "\(error)") }
  }
}

/// A message that goes out, complete but for its signature.
struct Outgoing: Sendable {
  var id = randomID()
  var identities: [[UInt8]]
  var type: String
  /// The raw header of the request that this message belongs to; nil for a message that belongs to none.
  var parent: [UInt8]?
  var content: JSON
  var metadata: JSON = .object([])

  /// The frames to send.
  func frames(signer: Signer, session: String) -> [[UInt8]] {
    let header: JSON = [
      "msg_id": .string(id), "session": .string(session), "username": "kernel", "date": .string(timestamp()),
      "msg_type": .string(type), "version": .string(protocolVersion),
    ]
    let parts = [header.bytes, parent ?? Array("{}".utf8), metadata.bytes, content.bytes]
    return identities + [Array("<IDS|MSG>".utf8), signer.sign(parts[...])] + parts
  }
}

/// 32 random hexadecimal digits.
func randomID() -> String {
  var generator = SystemRandomNumberGenerator()
  let digits = (0..<2).flatMap { _ -> [UInt8] in
    let bits = generator.next()
    return (0..<16).map { hexDigits[Int(bits >> UInt64($0 * 4) & 15)] }
  }
  return String(decoding: digits, as: UTF8.self)
}

/// Seconds of a clock that only goes forward.
func now() -> Double { seconds(CLOCK_MONOTONIC) }

/// Seconds of a clock of the system.
func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The time of day in UTC as ISO 8601 with microseconds.
func timestamp() -> String {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  var parts = tm()
  var seconds = time.tv_sec
  gmtime_r(&seconds, &parts)
  func pad(_ n: Int, _ width: Int) -> String {
    let digits = String(n)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let date = "\(pad(Int(parts.tm_year) + 1900, 4))-\(pad(Int(parts.tm_mon) + 1, 2))-\(pad(Int(parts.tm_mday), 2))"
  let clock = "\(pad(Int(parts.tm_hour), 2)):\(pad(Int(parts.tm_min), 2)):\(pad(Int(parts.tm_sec), 2))"
  return "\(date)T\(clock).\(pad(time.tv_nsec / 1000, 6))Z"
}
