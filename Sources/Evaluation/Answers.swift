import Corpora
import Inference
import Models
import Reviews

/// Who answers.
enum System: CaseIterable {
  /// The whole model, as any review is read.
  case model
  /// The encoder alone, as it was trained.
  case encoder
  /// The linear model over n-grams alone.
  case linear
}

/// What a corpus asks of one head, and what each system answers.
protocol HeadAnswers {
  /// Who answers besides the majority.
  var systems: [System] { get }
  /// Indices of the texts that the corpus labels for the head.
  var labelledTexts: Set<Int> { get }
  /// The counts of one system over `texts` texts.
  func tally(_ system: System) -> Tally
  /// The counts of always giving the commonest answer of these texts.
  var majority: Tally { get }
}

/// Answers to a choice among classes.
struct ChoiceAnswers: HeadAnswers {
  /// One choice.
  struct Choice {
    /// Index of the text.
    var text: Int
    /// Index of the true class.
    var gold: Int
    /// The probability of each class, by system; that of a system without probabilities is 1.
    var probabilities: [System: [Double]]

    /// The likeliest class.
    func best(_ system: System) -> Int {
      let own = probabilities[system] ?? []
      return own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 }
    }
  }

  var textCount: Int
  var classes: [String]
  var choices: [Choice] = []

  var systems: [System] {
    System.allCases.filter { system in choices.allSatisfy { $0.probabilities[system] != nil } }
  }

  var labelledTexts: Set<Int> { Set(choices.map(\.text)) }

  func tally(_ system: System) -> Tally { tally { $0.best(system) } }

  var majority: Tally {
    var supports = classes.map { _ in 0 }
    for choice in choices { supports[choice.gold] += 1 }
    let commonest = supports.indices.reduce(0) {
      (supports[$1], classes[$0]) > (supports[$0], classes[$1]) ? $1 : $0
    }
    return tally { _ in commonest }
  }

  private func tally(_ predicted: (Choice) -> Int) -> Tally {
    var tally = Tally()
    var next = choices.startIndex
    for text in 0..<textCount {
      tally.beginText()
      while next < choices.endIndex, choices[next].text == text {
        tally.choose(
          gold: classes[choices[next].gold], predicted: classes[predicted(choices[next])])
        next += 1
      }
    }
    return tally
  }
}

/// Answers to yes or no, label by label.
struct LabelAnswers: HeadAnswers {
  /// One label of one text.
  struct Decision {
    /// Index of the text.
    var text: Int
    var label: String
    var gold: Bool
    /// Whether the model has the label, in the language of the text; it never gives one that it has not.
    var isKnown = true
    /// How likely the label is, by system.
    var probabilities: [System: Double]
    /// From which probability the model gives the label.
    var threshold: Double

    func isGiven(_ system: System) -> Bool {
      (probabilities[system] ?? 0) >= (system == .model ? threshold : 0.5)
    }
  }

  var textCount: Int
  var decisions: [Decision] = []

  var systems: [System] {
    System.allCases.filter { system in decisions.contains { $0.probabilities[system] != nil } }
  }

  var labelledTexts: Set<Int> { Set(decisions.map(\.text)) }

  func tally(_ system: System) -> Tally { tally { $0.isGiven(system) } }

  var majority: Tally {
    var (totals, supports): ([String: Int], [String: Int]) = ([:], [:])
    for decision in decisions {
      totals[decision.label, default: 0] += 1
      if decision.gold { supports[decision.label, default: 0] += 1 }
    }
    return tally { 2 * supports[$0.label, default: 0] > totals[$0.label, default: 0] }
  }

  private func tally(_ predicted: (Decision) -> Bool) -> Tally {
    var tally = Tally()
    var next = decisions.startIndex
    for text in 0..<textCount {
      tally.beginText()
      while next < decisions.endIndex, decisions[next].text == text {
        let decision = decisions[next]
        tally.decide(decision.label, gold: decision.gold, predicted: predicted(decision))
        next += 1
      }
    }
    return tally
  }
}

/// Spans marked and true, text by text.
struct SpanAnswers: HeadAnswers {
  var types: [String]
  /// One for each text.
  var texts: [CountedSpans]

  var systems: [System] { [.model] }

  var labelledTexts: Set<Int> { Set(texts.indices.filter { texts[$0].isLabelled }) }

  func tally(_ system: System) -> Tally {
    var tally = Tally(labels: types, hasAccuracy: false)
    for spans in texts {
      tally.beginText()
      tally.mark(gold: Set(spans.gold), predicted: Set(spans.predicted.map(\.span)))
    }
    return tally
  }

  /// Most pieces are in no span: nothing is marked.
  var majority: Tally {
    var tally = Tally(labels: types, hasAccuracy: false)
    for spans in texts {
      tally.beginText()
      tally.mark(gold: Set(spans.gold), predicted: [])
    }
    return tally
  }
}
