import Models
import Reviews
import Tensors
import Tokenization

/// Turns the tag probabilities of a stretch of a text into entities.
struct TagReader {
  private let configuration: ModelConfiguration
  private let schemes: [TagScheme]

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
  }

  /// The entities of the pieces from `text.base` on, in the order of their start, and how many of
  /// these pieces are done with: all where the stretch is the last one of the text, else those
  /// before the last piece that no span can go on with.
  ///
  /// `probabilities` has a matrix [pieces, tags] for each layer. The likeliest tags spell the
  /// spans; the first piece of a word decides for all of it. A span without letter or digit names
  /// nothing, and one less likely than the threshold is not given.
  func read(
    _ text: OpenText, _ probabilities: [Matrix], isLast: Bool
  ) -> (entities: [Found], done: Int) {
    let count = probabilities[0].rows
    var tags = schemes.map { _ in [Int](repeating: TagScheme.outside, count: count) }
    var confidences = schemes.map { _ in [Double](repeating: 1, count: count) }
    var wordTags = schemes.map { _ in TagScheme.outside }
    var lastBreak = 0
    for row in 0..<count {
      let piece = text.base + row
      let isEmpty = text.pieces.ranges[piece].isEmpty
      // What the pass before left begins with a break, made or found.
      let isForced =
        !isEmpty && (row == 0 ? text.base > 0 : row - lastBreak >= Self.longestRun)
      guard !isEmpty && !text.continuesWord[piece] || isForced else {
        for (layer, scheme) in schemes.enumerated() {
          tags[layer][row] =
            scheme.type(ofTag: wordTags[layer]).map(scheme.insideTag) ?? TagScheme.outside
        }
        continue
      }
      for (layer, scheme) in schemes.enumerated() {
        var best = Self.best(probabilities[layer], row)
        confidences[layer][row] = Double(probabilities[layer][row, best])
        if isForced, let type = scheme.type(ofTag: best) { best = scheme.beginTag(type) }
        wordTags[layer] = best
        tags[layer][row] = best
      }
      let isBreak = wordTags.allSatisfy { $0 == TagScheme.outside }
      if isForced || isBreak && !text.isAskedAcross(piece) { lastBreak = row }
    }
    let done = isLast ? count : lastBreak
    let found = EntityLayer.allCases.indices.flatMap { layer in
      entities(layer, Array(tags[layer][..<done]), confidences[layer], text)
    }
    return (
      found.sorted {
        let (left, right) = ($0.entity.bytes, $1.entity.bytes)
        return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
      }, done
    )
  }

  private static func best(_ probabilities: Matrix, _ row: Int) -> Int {
    var best = 0
    for tag in 1..<probabilities.columns where probabilities[row, tag] > probabilities[row, best] {
      best = tag
    }
    return best
  }

  private func entities(
    _ layer: Int, _ tags: [Int], _ confidences: [Double], _ text: OpenText
  ) -> [Found] {
    let scheme = schemes[layer]
    let ranges = Array(text.pieces.ranges[text.base..<text.base + tags.count])
    return scheme.spans(from: tags, on: ranges).compactMap { span in
      let type = scheme.types[span.type]
      let confidence = span.pieces.reduce(1) { $0 * confidences[$1] }
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
