public import Corpora
public import Inference
public import Reviews

/// The true and the marked spans of a text that count: of types that its corpus annotates, outside
/// of what it leaves unknown.
public struct CountedSpans {
  /// A marked span.
  struct Predicted {
    var span: Tally.Span
    /// 0...1
    var confidence: Double
  }

  /// Whether the corpus says anything about the layer in this text.
  let isLabelled: Bool
  let gold: [Tally.Span]
  let predicted: [Predicted]

  /// The spans of one layer; none where it is not labelled.
  public init(_ labels: SpanLabels?, _ reading: Reading, _ layer: EntityLayer) {
    func counts(_ type: String, _ range: Range<Int>) -> Bool {
      guard let labels else { return false }
      return labels.completeTypes.contains(type)
        && !labels.unknown.contains { $0.overlaps(range) }
    }
    isLabelled = labels != nil
    gold = (labels?.spans ?? []).filter { counts($0.type, $0.range) }
      .map { Tally.Span(type: $0.type, range: $0.range) }
    predicted = reading.entities.filter { $0.layer == layer && counts($0.type, $0.bytes) }
      .map {
        Predicted(span: .init(type: $0.type, range: $0.bytes), confidence: $0.confidence)
      }
  }

  /// How many spans are true.
  public var goldCount: Int { Set(gold).count }

  /// How likely each marked span is said to be, and whether it is right.
  public var marked: [(confidence: Double, isRight: Bool)] {
    predicted.map { ($0.confidence, gold.contains($0.span)) }
  }
}
