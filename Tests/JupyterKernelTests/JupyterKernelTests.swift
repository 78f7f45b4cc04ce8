import Testing

@Test func roomBuilds() {
  #expect(Bool(true))
}
