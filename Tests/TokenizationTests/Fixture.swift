import Foundation
import Testing

@testable import Tokenization

/// A small tokenizer trained once, on sentences made here, and shared by all tests.
enum Fixture {
  static let settings = TokenizerTrainer.Settings(vocabularySize: 340, threadCount: 1)

  static let sentences: [String] = {
    let subjects = ["The battery", "This phone", "My new camera", "The waiter", "Delivery"]
    let verbs = ["was", "is", "looks", "felt", "turned out"]
    let endings = ["great", "rather slow", "worth the price", "broken after 2 days"]
    let things = ["这部手机", "电池", "服务员", "酒店的房间", "快递"]
    let degrees = ["真的", "有点", "比我想的更", "非常"]
    let judgements = ["好", "慢", "便宜", "让人失望", "值得推荐"]
    var sentences: [String] = []
    for subject in subjects {
      for verb in verbs {
        for ending in endings { sentences.append("\(subject) \(verb) \(ending).") }
      }
    }
    for thing in things {
      for degree in degrees {
        for judgement in judgements { sentences.append("\(thing)\(degree)\(judgement)。") }
      }
    }
    return sentences
  }()

  static let model: Data = {
    do {
      return try TokenizerTrainer.train(texts: sentences, settings: settings).model
    } catch {
      Issue.record(error)
      return Data()
    }
  }()

  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(modelData: model, name: "fixture")
  }

  /// What the library's normalisation should make of a text, after Foundation's own NFKC.
  static func normalised(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var pendingSpace = false
    let dropped: (Unicode.Scalar) -> Bool = {
      $0.isBlank && !$0.properties.isWhitespace && $0.value < 0xA0 || $0.value == 0x0B
        || (0x1C...0x1F).contains($0.value)
    }
    let mapped = text.precomposedStringWithCompatibilityMapping
      .precomposedStringWithCanonicalMapping
    for scalar in mapped.unicodeScalars {
      if dropped(scalar) { continue }
      if scalar.isBlank {
        pendingSpace = !result.isEmpty
      } else {
        if pendingSpace { result.append(" ") }
        pendingSpace = false
        result.append(scalar)
      }
    }
    return String(result)
  }
}

/// Numbers from a seed that failures print.
///
/// Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A text of everything that has ever upset offsets.
  mutating func text(of count: Int) -> String {
    let fragments = [
      "battery", "Great", "phone", " ", "  ", "\t", "\r\n", "\n", "\u{3000}", "\u{A0}", "\u{200B}",
      "电池", "好", "。", "，", "ﬁ", "㍿", "Ｆｕｌｌ", "１２", "ﾊﾟ", "e\u{301}", "한", "👩‍🚀", "👍🏽",
      "🇨🇳", "\u{0}", "\u{1}", "\u{7F}", "\u{FEFF}", "\u{FFFD}", "▁", "▅", "<mask>", "<unk>",
      "<0x41>", "ﷺ", "½", "…", "\u{301}", "\u{200D}", "\u{FE0F}", "é", "ß", "İ", "\u{2028}", "!",
      "3.5", "𝔊", "\u{1F468}", "\u{E000}", "\u{10FFFF}",
    ]
    return (0..<count).map { _ in fragments.randomElement(using: &self) ?? "" }.joined()
  }
}
