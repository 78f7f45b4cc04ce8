import Columnar
import TestSupport
import Testing

/// No password of an address is ever shown.
struct SourceAddressTests {
  @Test(arguments: [
    ("postgres://user:secret@host:5432/db", "postgres://user:•••@host:5432/db"),
    ("x = load \"postgresql://u:se cret@h/d\" table=\"t\"", "x = load \"postgresql://u:•••@h/d\" table=\"t\""),
    ("load \"postgres://u:se/c@ret?@h/d\" | take 3", "load \"postgres://u:•••@h/d\" | take 3"),
    ("`postgres://u:secret@h`: no such host", "`postgres://u:•••@h`: no such host"),
    ("postgres://h/d?user=u&password=secret&sslmode=require", "postgres://h/d?user=u&password=•••&sslmode=require"),
    ("postgres://h/d?PASSWORD=secret", "postgres://h/d?PASSWORD=•••"),
    ("postgres://h/d?password=se@cret&sslpassword=secret", "postgres://h/d?password=•••&sslpassword=•••"),
    ("postgres://u:secret", "postgres://u:•••"),
    ("mysql://u:secret@h and http://a:secret@b", "mysql://u:•••@h and http://a:•••@b"),
    ("\"postgres://u:se\\\"cret@h/d\"", "\"postgres://u:•••@h/d\""),
    ("postgres://u@h:5432/d", "postgres://u@h:5432/d"), ("postgres://h:5432/d", "postgres://h:5432/d"),
    ("postgres://[::1]:5432/d", "postgres://[::1]:5432/d"), ("sales/2011.csv", "sales/2011.csv"),
    ("see https://example.org/a?b=c", "see https://example.org/a?b=c"), ("://", "://"), ("a://", "a://"), ("", ""),
  ])
  func passwordsAreMasked(text: String, shown: String) {
    #expect(SourceAddress.redacted(text) == shown)
    #expect(SourceAddress.redacted(shown) == shown)
  }

  @Test func placesBehindAPasswordMove() {
    let (text, places) = SourceAddress.redacted("load \"a://u:12345678@h\" x", moving: [0, 5, 15, 24])
    #expect(text == "load \"a://u:•••@h\" x")
    #expect(places == [0, 5, 12, 19])
  }

  @Test(arguments: 0..<200)
  func noAddressHowEverWrittenShowsItsPassword(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let signs = Array("aZ09:/?#@%&=!$'*+,;[]é ")
    let secret =
      "S3"
      + String(
        (0..<Int.random(in: 1...12, using: &random)).map { _ in signs[Int.random(in: 0..<signs.count, using: &random)] }
      )
      + "7X"
    let shown = SourceAddress.redacted("load \"postgres://user:\(secret)@db.example/shop\" table=\"t\"")
    #expect(!shown.contains("S3") && !shown.contains("7X"), "\(secret): \(shown)")
  }
}
