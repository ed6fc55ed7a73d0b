import Foundation
import Models
import Reviews
import Tensors
import Tokenization

/// Turns the tag probabilities of a stretch of a text into entities.
struct TagReader {
  private let configuration: ModelConfiguration
  private let schemes: [TagScheme]
  /// To which power the product of a span's tag probabilities is its confidence.
  private let exponent: Double

  /// Pieces without a break after which one is made, so that a stretch is never longer.
  private static let longestRun = 1_024

  /// An entity, and the rows of the stretch that it takes.
  struct Found {
    let entity: Reading.Entity
    let rows: Range<Int>
  }

  init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    schemes = EntityLayer.allCases.map { TagScheme(types: configuration.types(of: $0)) }
    exponent = configuration.calibration(of: "entities").encoder
  }

  /// The entities of the pieces from `text.base` on, in the order of their start, and how many of
  /// these pieces are done with: all where the stretch is the last one of the text, else those
  /// before the last piece that no span can go on with.
  ///
  /// `probabilities` has a matrix [pieces, tags] for each layer. The likeliest tags that spell
  /// spans count; the first piece of a word decides for all of it. A span without letter or digit
  /// names nothing, and one less likely than the threshold is not given.
  func read(
    _ text: OpenText, _ probabilities: [Matrix], isLast: Bool
  ) -> (entities: [Found], done: Int) {
    let count = probabilities[0].rows
    var words: [Word] = []
    var lastBreak = 0
    for row in 0..<count {
      let piece = text.base + row
      guard !text.pieces.ranges[piece].isEmpty else { continue }
      // What the pass before left begins with a break, made or found.
      let isForced = row == 0 ? text.base > 0 : row - lastBreak >= Self.longestRun
      guard isForced || !text.continuesWord[piece] else { continue }
      words.append(Word(row: row, isForced: isForced))
      let isBreak = probabilities.allSatisfy { isOutside($0, row) }
      if isForced || isBreak && !text.isAskedAcross(piece) { lastBreak = row }
    }
    let done = isLast ? count : lastBreak
    let found = EntityLayer.allCases.indices.flatMap { layer in
      entities(layer, probabilities[layer], words, rows: done, text)
    }
    return (
      found.sorted {
        let (left, right) = ($0.entity.bytes, $1.entity.bytes)
        return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
      }, done
    )
  }

  /// A word, which its first piece decides for.
  private struct Word {
    let row: Int
    /// Whether no span goes on with it from before.
    let isForced: Bool
  }

  /// Whether no span with this piece can be as likely as the threshold.
  private func isOutside(_ probabilities: Matrix, _ row: Int) -> Bool {
    let inside = max(0, 1 - Double(probabilities[row, TagScheme.outside]))
    return pow(inside, exponent) < configuration.entityThreshold
  }

  /// The tags of `rows` pieces, and how likely each word's is.
  private func tags(
    _ layer: Int, _ probabilities: Matrix, _ words: [Word], rows: Int
  ) -> (tags: [Int], confidences: [Double]) {
    let scheme = schemes[layer]
    var tags = [Int](repeating: TagScheme.outside, count: rows)
    var confidences = [Double](repeating: 1, count: rows)
    /// The tags of words that may hold spans.
    func close(_ stretch: ArraySlice<Word>) {
      let path = scheme.likeliestTags(
        stretch.map { word in
          (0..<scheme.tagCount).map { Double(probabilities[word.row, $0]) }
        })
      for (word, tag) in zip(stretch, path) {
        tags[word.row] = tag
        confidences[word.row] = Double(probabilities[word.row, tag])
      }
    }
    let words = words.prefix { $0.row < rows }
    var start = 0
    for (index, word) in words.enumerated() {
      let isOutside = isOutside(probabilities, word.row)
      guard isOutside || word.isForced else { continue }
      close(words[start..<index])
      start = isOutside ? index + 1 : index
    }
    close(words[start...])
    // The other pieces of a word go on with its span.
    var inside = TagScheme.outside
    var next = 0
    for row in 0..<rows {
      if next < words.count, words[next].row == row {
        inside = scheme.type(ofTag: tags[row]).map(scheme.insideTag) ?? TagScheme.outside
        next += 1
      } else {
        tags[row] = inside
      }
    }
    return (tags, confidences)
  }

  private func entities(
    _ layer: Int, _ probabilities: Matrix, _ words: [Word], rows: Int, _ text: OpenText
  ) -> [Found] {
    let scheme = schemes[layer]
    let (tags, confidences) = tags(layer, probabilities, words, rows: rows)
    let ranges = Array(text.pieces.ranges[text.base..<text.base + rows])
    return scheme.spans(from: tags, on: ranges).compactMap { span in
      let type = scheme.types[span.type]
      let confidence = pow(span.pieces.reduce(1) { $0 * confidences[$1] }, exponent)
      let isWorded = String(decoding: text.bytes[span.bytes], as: UTF8.self).unicodeScalars
        .contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
      guard confidence >= configuration.entityThreshold, isWorded,
        configuration.knows(type, in: text.language)
      else { return nil }
      let entity = Reading.Entity(
        layer: EntityLayer.allCases[layer], type: type, bytes: span.bytes, confidence: confidence)
      return Found(entity: entity, rows: span.pieces)
    }
  }
}

extension OpenText {
  /// Whether a span that is asked about begins before `piece` and goes on with it.
  fileprivate func isAskedAcross(_ piece: Int) -> Bool {
    asked.contains { $0.map { $0.lowerBound < piece && piece < $0.upperBound } ?? false }
  }
}
