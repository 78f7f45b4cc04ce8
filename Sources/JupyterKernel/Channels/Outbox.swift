import Synchronization

/// Everything that goes out, in one order. Any thread posts; the I/O thread, which alone owns the sockets, sends.
///
/// One queue for replies and outputs is what guarantees that outputs stand before the reply and the reply before idle. It
/// has no limit, so that no thread ever waits for another.
final class Outbox: Sendable {
  /// The channels that a kernel sends on, besides the heartbeat.
  enum Channel: Sendable {
    case iopub, shell, control, stdin
  }

  enum Item: Sendable {
    case message(Channel, Outgoing)
    /// The last item: the I/O thread ends after it.
    case stop
  }

  /// Seconds that printed text may wait for more of its kind.
  private static let streamDelay = 0.1
  private static let streamLimit = 1 << 18

  private struct State {
    var items: [Item] = []
    var stream: PendingStream?
    var isWoken = false

    /// True for the first who has something since the I/O thread looked: one ring is enough.
    mutating func claimBell() -> Bool {
      defer { isWoken = true }
      return !isWoken
    }
  }

  private struct PendingStream {
    var name: String
    var text: String
    var parent: [UInt8]
    var due: Double

    var item: Item {
      .message(.iopub, Outbox.iopub("stream", parent: parent, ["name": .string(name), "text": .string(text)]))
    }
  }

  private let state = Mutex(State())
  private let bell: Bell

  init(bell: Bell) { self.bell = bell }

  private static func iopub(_ type: String, parent: [UInt8]?, _ content: JSON, metadata: JSON = .object([])) -> Outgoing
  {
    Outgoing(identities: [Array(type.utf8)], type: type, parent: parent, content: content, metadata: metadata)
  }

  /// Sends a message to all who listen at iopub.
  func publish(_ type: String, parent: [UInt8]?, _ content: JSON, metadata: JSON = .object([])) {
    post(.message(.iopub, Outbox.iopub(type, parent: parent, content, metadata: metadata)))
  }

  /// Answers a request on the channel that it came in on.
  func reply(_ channel: Channel, to request: Message, _ type: String, _ content: JSON) {
    post(
      .message(
        channel,
        Outgoing(identities: request.identities, type: type, parent: request.rawHeader, content: content)))
  }

  /// Appends to a stream; what was printed to the other stream or by another cell goes out first.
  func stream(_ name: String, _ text: String, parent: [UInt8]) {
    if text.isEmpty { return }
    let mustRing = state.withLock { state in
      if var pending = state.stream, pending.name == name, pending.parent == parent {
        // Taken out while it grows, so that the text is not copied.
        state.stream = nil
        pending.text += text
        if pending.text.utf8.count > Outbox.streamLimit {
          state.items.append(pending.item)
        } else {
          state.stream = pending
        }
      } else {
        if let pending = state.stream { state.items.append(pending.item) }
        state.stream = PendingStream(name: name, text: text, parent: parent, due: now() + Outbox.streamDelay)
      }
      return state.claimBell()
    }
    if mustRing { bell.ring() }
  }

  /// Queues an item behind all that was printed before it.
  func post(_ item: Item) {
    let mustRing = state.withLock { state in
      if let pending = state.stream {
        state.items.append(pending.item)
        state.stream = nil
      }
      state.items.append(item)
      return state.claimBell()
    }
    if mustRing { bell.ring() }
  }

  /// What is to be sent now, and in how many milliseconds to look again; nil when only the bell can bring more.
  func take() -> (items: [Item], milliseconds: Int?) {
    state.withLock { state in
      state.isWoken = false
      if let pending = state.stream, pending.due <= now() {
        state.items.append(pending.item)
        state.stream = nil
      }
      let items = state.items
      state.items = []
      return (items, state.stream.map { max(1, Int(($0.due - now()) * 1000) + 1) })
    }
  }
}
