import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A server of PostgreSQL for the tests, in a folder that is gone afterwards; nil where its programs are not installed.
final class PostgresServer: @unchecked Sendable {
  static let password = "pa:ss w/rd%@é"
  /// The same in an address.
  static let written = "pa%3Ass%20w%2Frd%25%40%C3%A9"

  let folder: String
  let port: Int

  /// The server that all tests share.
  static let shared: PostgresServer? = {
    guard let server = PostgresServer() else { return nil }
    atexit { PostgresServer.shared?.stop() }
    return server
  }()

  /// Where the programs are; nil where they are not.
  static let programs: String? = {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let folders = versions.sorted().reversed().map { "\(root)/\($0)/bin" } + ["/opt/homebrew/bin", "/usr/local/bin"]
    let found = folders.first { folder in
      ["initdb", "pg_ctl", "psql"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
    // The server refuses to run as root, and needs somebody else to run as.
    if geteuid() == 0, getpwnam("postgres") == nil { return nil }
    return found
  }()

  private init?() {
    guard let programs = Self.programs else { return nil }
    port = 20_000 + Int(getpid()) % 30_000
    let script = """
      set -e
      # Whoever waits for this script waits until its descriptors are closed, which the server would keep.
      for descriptor in /dev/fd/*; do
        [ "${descriptor##*/}" -gt 2 ] && eval "exec ${descriptor##*/}>&-"
      done
      folder=$(mktemp -d /tmp/martlet-postgres-XXXXXX)
      printf '%s' "$SECRET" > "$folder/password"
      "\(programs)/initdb" -D "$folder/data" -U analyst --auth-local=trust --auth-host=scram-sha-256 \
        --pwfile="$folder/password" -E UTF8 --locale=C --no-sync > /dev/null
      "\(programs)/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
        -o "-p \(port) -k $folder -c listen_addresses=127.0.0.1 -c fsync=off" start > /dev/null
      echo "$folder"
      """
    guard let folder = Self.shell(script), folder.hasPrefix("/tmp/") else { return nil }
    self.folder = folder
  }

  func stop() {
    guard let programs = Self.programs else { return }
    _ = Self.shell("\"\(programs)/pg_ctl\" -D '\(folder)/data' -m immediate stop > /dev/null; rm -rf '\(folder)'")
  }

  /// The address over TCP, with the password.
  var address: String { "postgres://analyst:\(Self.written)@127.0.0.1:\(port)/postgres" }
  /// The address over the socket in the server's folder, which asks for no password.
  var local: String { "postgresql://analyst@/postgres?host=\(folder)&port=\(port)" }

  /// What psql answers to some statements, without headers, tabs between fields and `∅` for NULL.
  func psql(_ statements: String) -> String {
    let options = "-X -q -A -t -F '\t' -P null=∅ -v ON_ERROR_STOP=1 -h '\(folder)' -p \(port) -U analyst postgres"
    return Self.shell("\"\(Self.programs ?? "")/psql\" \(options)", input: statements) ?? "psql failed"
  }

  private static func shell(_ script: String, input: String = "") -> String? {
    let process = Process()
    let isRoot = geteuid() == 0
    process.executableURL = URL(fileURLWithPath: isRoot ? "/usr/sbin/runuser" : "/bin/bash")
    process.arguments = (isRoot ? ["-u", "postgres", "--", "/bin/bash"] : []) + ["-c", script]
    process.environment = ["SECRET": password, "PATH": "/usr/bin:/bin:/usr/sbin", "TZ": "UTC"]
    process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
    // Files and no pipes: a server that is left running would hold a pipe open.
    let folder = FileManager.default.temporaryDirectory
    let (asked, answered) = (folder.appending(path: UUID().uuidString), folder.appending(path: UUID().uuidString))
    defer { for file in [asked, answered] { try? FileManager.default.removeItem(at: file) } }
    guard (try? Data(input.utf8).write(to: asked)) != nil, (try? Data().write(to: answered)) != nil,
      let into = try? FileHandle(forReadingFrom: asked), let out = try? FileHandle(forWritingTo: answered)
    else { return nil }
    process.standardInput = into
    process.standardOutput = out
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    let data = (try? Data(contentsOf: answered)) ?? Data()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
