import Foundation
import Reviews
import Tensors
import TestSupport
import Testing

@testable import Inference

/// Whatever a text is made of, every span slices to its text in every unit.
@Suite struct OffsetPropertyTests {
  /// What texts are made of; words that the model knows keep spans coming.
  private static let parts: [[UInt8]] =
    ([
      "lamp", "lovely", "torn", "kettle.", "台灯", "真的漂亮", "，", " ", " ", "  ", "\t", "Ｆｕｌｌ", "１２３",
      "ﬁne", "ﬀ", "㍿", "½", "ﷺ", "e\u{301}", "e\u{301}\u{302}\u{323}", "\u{301}",
      "n\u{303}ai\u{308}ve",
      "👩‍🚀", "👍🏽", "🇨🇳", "👨‍👩‍👧‍👦", "\u{200D}", "\u{FE0F}", "مرحبا", "שָׁלוֹם", "\u{202E}abc\u{202C}",
      "한국어", "각", "ｶﾞ", "𠮷", "𝒳", "\0", "\u{FEFF}", "\u{200B}", "\u{AD}", "\u{85}", "\u{2028}",
      "\u{FFFD}", "<mask>", "▁", "\u{10FFFF}", "!", "?", "\"", "\\",
    ].map { Array($0.utf8) } as [[UInt8]]) + [
      [0xFF], [0x80], [0xE5, 0xA5], [0xF0, 0x9F, 0x98], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5],
    ]

  private func bytes(_ random: inout SeededRandom) -> [UInt8] {
    (0...random.nextInt(below: 60)).flatMap { _ in
      Self.parts[random.nextInt(below: Self.parts.count)]
    }
      // Something to read in every text.
      + Array(" lamp".utf8)
  }

  /// How many pieces of `bytes` are no UTF-8, counted by the standard library's parser.
  private func errors(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var count = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid: continue
      case .error: count += 1
      case .emptyInput: return count
      }
    }
  }

  @Test(arguments: OffsetUnit.allCases, [1, 2, 3]) func everySpanSlicesToItsText(
    unit: OffsetUnit, seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let rows = (0..<250).map { _ in bytes(&random) }
    let reviews = try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("rows.txt")
      try Data(rows.joined(separator: [0x0A])).write(to: file)
      var reader = try ReviewReader(path: file.path)
      var reviews: [Review] = []
      while case .review(let review)? = try reader.next() { reviews.append(review) }
      return reviews
    }
    #expect(reviews.count == rows.count)
    for (row, review) in zip(rows, reviews) {
      #expect((review.replaced ?? 0) == errors(row), "seed \(seed): \(row)")
      if review.replaced == nil, !row.starts(with: [0xEF, 0xBB, 0xBF]) {
        #expect(Array(review.text.utf8) == row, "seed \(seed)")
      }
    }
    var spans = 0
    let annotator = Annotator(try Fixture.model(), threads: 2, offsets: unit)
    for (review, record) in zip(reviews, annotator.annotate(reviews)) {
      #expect(record.replaced == review.replaced)
      for entity in record.entities {
        spans += 1
        let range = entity.start..<entity.end
        let isEqual =
          switch unit {
          case .scalar:
            Array(review.text.unicodeScalars)[range].elementsEqual(entity.text.unicodeScalars)
          case .utf8: Array(review.text.utf8)[range].elementsEqual(entity.text.utf8)
          case .utf16: Array(review.text.utf16)[range].elementsEqual(entity.text.utf16)
          }
        #expect(isEqual, "seed \(seed): \(review.text)")
      }
    }
    #expect(spans > 300)
  }
}
