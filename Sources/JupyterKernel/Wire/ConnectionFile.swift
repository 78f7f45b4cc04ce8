#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the frontend tells a kernel to listen on.
/// See https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
public struct ConnectionFile: Decodable, Sendable {
  let transport: String?
  let ip: String
  let key: String?
  let signatureScheme: String?
  let shellPort: Int
  let controlPort: Int
  let iopubPort: Int
  let stdinPort: Int
  let heartbeatPort: Int
  let curvePublicKey: String?
  let curveSecretKey: String?

  enum CodingKeys: String, CodingKey {
    case transport, ip, key
    case signatureScheme = "signature_scheme"
    case shellPort = "shell_port"
    case controlPort = "control_port"
    case iopubPort = "iopub_port"
    case stdinPort = "stdin_port"
    case heartbeatPort = "hb_port"
    case curvePublicKey = "curve_publickey"
    case curveSecretKey = "curve_secretkey"
  }

  /// Why a connection file cannot be used.
  public struct Unusable: Error, CustomStringConvertible {
    /// The file and what is wrong with it.
    public let description: String
  }

  /// Reads a connection file.
  public init(path: String) throws(Unusable) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Unusable(description: "cannot read the connection file \(path)")
    }
    do {
      self = try JSONDecoder().decode(ConnectionFile.self, from: data)
    } catch {
      throw Unusable(description: "the connection file \(path) is not one: \(error)")
    }
    if let transport, !["tcp", "ipc"].contains(transport) {
      throw Unusable(
        description: "the connection file \(path) asks for the transport \(transport): tcp and ipc are known")
    }
    if let signatureScheme, signatureScheme != "hmac-sha256" {
      throw Unusable(
        description:
          "the connection file \(path) asks for the signature scheme \(signatureScheme): hmac-sha256 is known")
    }
  }

  /// The address of a channel with this port; over ipc the port ends the socket file's name.
  func endpoint(_ port: Int) -> String { transport == "ipc" ? "ipc://\(ip)-\(port)" : "tcp://\(ip):\(port)" }
}
