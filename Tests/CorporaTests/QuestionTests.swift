import Testing

@testable import Corpora

@Suite struct QuestionTests {
  @Test(arguments: [
    ("The battery lasts two days.", true), ("Nobody told me how it works", true),
    ("房间很干净，下次还来。", true), ("", true), ("Will ships it, they said.", false),
    ("Does it fit a 13 inch laptop", false), ("Nice case. Where is the manual", false),
    ("- why, though", false), ("Isn’t it lovely", false), ("Really?", false), ("真的？", false),
    ("这个能退吗", false), ("请问支持快充", false), ("Great!\nAnyone else see this", false),
  ])
  func theFormOfAQuestionIsFound(text: String, isRuledOut: Bool) {
    #expect(Questions.areRuledOut(in: text) == isRuledOut)
  }

  @Test func onlyTrainingRowsThatAskNothingSaySo() throws {
    func fixture(_ labels: String) -> CorpusFixture {
      CorpusFixture(
        card: """
          reader: {format: delimited, delimiter: tab}
          fields: {text: text, label: label}
          files: {train: [train.tsv], test: [test.tsv]}
          labels:
            derive_questions: true
          \(labels)
          """,
        files: [
          "train.tsv": "text\tlabel\nIt fits.\tgood\nDoes it fit\tgood\n",
          "test.tsv": "text\tlabel\nIt fits.\tgood\n",
        ])
    }
    let stars = fixture("  stars: {good: [4, 5]}")
    let unlabelled = try stars.load().examples
    #expect(
      unlabelled.map(\.intents)
        == [IntentLabels(positive: [], supervised: ["question"]), nil])
    #expect(try stars.load(.test).examples.map(\.intents) == [nil])
    try stars.withCorpus { #expect($0.card.completeness == ["question"]) }

    let intents = fixture("  intents: {supervises: [complaint], labels: {good: [praise]}}")
    #expect(
      try intents.load().examples.map { $0.intents?.supervised }
        == [["complaint", "praise", "question"], ["complaint", "praise"]])
    // A label that says whether a text asks is not overruled.
    let asked = fixture("  intents: {supervises: [question], labels: {good: [question]}}")
    #expect(
      try asked.load().examples.map { $0.intents?.positive } == [["question"], ["question"]])
  }
}
