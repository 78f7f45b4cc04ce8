/// The contents of the requests, as https://jupyter-client.readthedocs.io/en/stable/messaging.html lists them.
/// A field that a client may leave out is optional, with the default of the specification.
enum Contents {
  struct Execute: Decodable {
    let code: String
    let silent: Bool?
    let store_history: Bool?
    let user_expressions: [String: String]?
    let allow_stdin: Bool?
    let stop_on_error: Bool?
  }

  struct Complete: Decodable {
    let code: String
    let cursor_pos: Int?
  }

  struct Inspect: Decodable {
    let code: String
    let cursor_pos: Int?
    let detail_level: Int?
  }

  struct IsComplete: Decodable { let code: String }

  struct History: Decodable {
    let output: Bool?
    let raw: Bool?
    let hist_access_type: String
    let session: Int?
    let start: Int?
    let stop: Int?
    let n: Int?
    let pattern: String?
    let unique: Bool?
  }

  struct Shutdown: Decodable { let restart: Bool? }
  struct CommOpen: Decodable { let comm_id: String }
  struct InputReply: Decodable { let value: String }
  struct Subshell: Decodable { let subshell_id: String }
}
