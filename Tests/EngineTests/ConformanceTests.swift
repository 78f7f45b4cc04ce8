import Columnar
import Engine
import EngineConformance
import Query
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: EngineConformance.cases)
  func inMemoryEngineAnswers(_ example: ConformanceCase) {
    #expect(example.failure(of: InMemoryEngine()) == nil)
  }
}
