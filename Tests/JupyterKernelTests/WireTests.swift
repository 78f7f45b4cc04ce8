import JupyterKernel
import Testing

struct WireTests {
  /// RFC 4231, test case 2.
  @Test func signaturesAreThoseOfTheStandard() {
    let signer = Signer(key: "Jefe")
    let parts = ["what do ya ", "want for nothing?"].map { Array($0.utf8) }
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    #expect(String(decoding: signer.sign(parts[...]), as: UTF8.self) == expected)
    #expect(signer.verifies(Array(expected.utf8), of: parts[...]))
    #expect(!signer.verifies(Array(expected.uppercased().utf8), of: parts[...]))
    #expect(Signer(key: "").verifies([], of: parts[...]))
  }

  @Test func jsonIsEscaped() {
    let value: JSON = ["a": "x\"\\\n\u{1}é", "b": [1, true, .null, .double(.infinity), .double(0.5)]]
    #expect(
      String(decoding: value.bytes, as: UTF8.self) == #"{"a":"x\"\\\n\u0001é","b":[1,true,null,null,0.5]}"#)
  }

  @Test(arguments: [
    ("*", "", true), ("a*c", "abc", true), ("a*c", "abd", false), ("?b*", "abcd", true), ("a**b", "axxb", true),
    ("1?2*", "1+2+3", true), ("a", "ab", false),
  ])
  func globs(pattern: String, text: String, fits: Bool) { #expect(Glob(pattern).matches(text) == fits) }

  @Test func cursorsAreMovedIntoTheText() {
    #expect(CodePointOffset(-3, in: "abc").value == 0)
    #expect(CodePointOffset(1 << 40, in: "🍎é\r\n").value == 4)
  }
}
