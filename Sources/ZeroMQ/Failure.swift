import CZeroMQ

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A call of libzmq that did not succeed: the C function, its error number and libzmq's words for it.
public struct ZeroMQFailure: Error, Hashable, CustomStringConvertible {
  /// The C function that failed.
  public let function: String
  /// The number that `zmq_errno` gave.
  public let code: Int32

  /// Takes the error number of the call that has just failed.
  init(_ function: String) {
    self.function = function
    code = zmq_errno()
  }

  /// libzmq's words for the error, in lower case: `address already in use`.
  public var reason: String { zmq_strerror(code).map { String(cString: $0).lowercased() } ?? "error \(code)" }
  /// The function and the reason.
  public var description: String { "\(function): \(reason)" }
  /// Whether the address was taken by another socket.
  public var isAddressInUse: Bool { code == EADDRINUSE }
  /// Whether the peer that a message was for is not connected.
  public var isUnreachable: Bool { code == EHOSTUNREACH }
  /// Whether the context has been ended, or the socket with it.
  public var isContextEnd: Bool { code == ETERM || code == ENOTSOCK }
}
