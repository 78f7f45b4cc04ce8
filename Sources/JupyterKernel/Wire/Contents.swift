/// The contents of the requests, as https://jupyter-client.readthedocs.io/en/stable/messaging.html lists them.
/// A field that a client may leave out is optional, with the default of the specification.
enum Contents {
  struct Execute: Decodable {
    let code: String
    let silent: Bool?
    let storeHistory: Bool?
    let userExpressions: [String: String]?
    let allowStdin: Bool?
    let stopOnError: Bool?
  }

  struct Complete: Decodable {
    let code: String
    let cursorPos: Int?
  }

  struct Inspect: Decodable {
    let code: String
    let cursorPos: Int?
    let detailLevel: Int?
  }

  struct IsComplete: Decodable { let code: String }

  struct History: Decodable {
    let output: Bool?
    let raw: Bool?
    let histAccessType: String
    let session: Int?
    let start: Int?
    let stop: Int?
    let n: Int?
    let pattern: String?
    let unique: Bool?
  }

  struct Subshell: Decodable { let subshellId: String }
  struct Shutdown: Decodable { let restart: Bool? }
  struct CommOpen: Decodable { let commId: String }
  struct InputReply: Decodable { let value: String }
}
