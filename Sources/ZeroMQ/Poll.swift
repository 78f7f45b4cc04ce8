import CZeroMQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Waits for several sockets and one file descriptor at once. The corresponding C function is `zmq_poll`.
public struct PollSet {
  private var items: [zmq_pollitem_t] = []

  /// An empty set.
  public init() {}

  /// Watches a socket for messages; returns its place in the set.
  public mutating func add(_ socket: borrowing Socket) -> Int {
    items.append(zmq_pollitem_t(socket: socket.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
    return items.count - 1
  }

  /// Watches a file descriptor for bytes; returns its place in the set.
  public mutating func add(descriptor: Int32) -> Int {
    items.append(zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    return items.count - 1
  }

  /// Blocks until something can be read or the milliseconds have passed; a negative number waits for ever.
  public mutating func wait(milliseconds: Int) throws(ZeroMQFailure) {
    while zmq_poll(&items, Int32(items.count), milliseconds) < 0 {
      if zmq_errno() != EINTR { throw ZeroMQFailure("zmq_poll") }
    }
  }

  /// Whether the place can be read.
  public func isReadable(_ place: Int) -> Bool { items[place].revents & Int16(ZMQ_POLLIN) != 0 }
}
