import Testing

@testable import Tokenization

@Suite struct LikeliestTagsTests {
  private let scheme = TagScheme(types: ["A", "B"])

  private func isValid(_ tags: [Int]) -> Bool {
    zip([TagScheme.outside] + tags, tags).allSatisfy { before, tag in
      guard let type = scheme.type(ofTag: tag), tag == scheme.insideTag(type) else { return true }
      return before == tag || before == scheme.beginTag(type)
    }
  }

  /// All sequences of tags for `words` words.
  private func sequences(_ words: Int) -> [[Int]] {
    (0..<words).reduce([[]]) { shorter, _ in
      shorter.flatMap { tags in (0..<scheme.tagCount).map { tags + [$0] } }
    }
  }

  @Test func areTheBestOfAllThatSpellSpans() {
    var random = Seeded(5)
    for round in 0..<200 {
      let words = 1 + round % 5
      let probabilities = (0..<words).map { _ -> [Double] in
        let terms = (0..<scheme.tagCount).map { _ in
          let uniform = Double.random(in: 0..<1, using: &random)
          return uniform * uniform * uniform
        }
        let total = terms.reduce(0, +)
        return terms.map { $0 / total }
      }
      func likelihood(_ tags: [Int]) -> Double {
        zip(tags, probabilities).reduce(1) { $0 * $1.1[$1.0] }
      }
      let best = sequences(words).filter(isValid).map(likelihood).max() ?? 0
      let found = scheme.likeliestTags(probabilities)
      #expect(found.count == words && isValid(found))
      #expect(abs(likelihood(found) - best) < 1e-12)
    }
  }

  @Test func nothingAndCertainty() {
    #expect(scheme.likeliestTags([]).isEmpty)
    // An I of certainty without a B before it cannot be.
    #expect(scheme.likeliestTags([[0, 0.0, 1, 0, 0]]) != [2])
    #expect(scheme.likeliestTags([[0.1, 0.9, 0, 0, 0], [0, 0, 1, 0, 0]]) == [1, 2])
    // The better span is worth a less likely beginning.
    #expect(
      scheme.likeliestTags([[0.55, 0.45, 0, 0, 0], [0.05, 0, 0.95, 0, 0]]) == [1, 2])
  }
}
