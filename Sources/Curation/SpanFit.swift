import Corpora
import Reviews
import Tokenization

/// How many of a text's spans begin and end where pieces do.
struct SpanFit {
  private let tokenizer: Tokenizer
  private let opinions = TagScheme(types: EntityLayer.opinion.types)
  private let names = TagScheme(types: EntityLayer.name.types)

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// Spans, and those of them that fit no piece boundary or overlap another of their layer.
  func count(_ example: Example) -> (spans: Int, unfitted: Int) {
    let layers = [(example.opinions, opinions), (example.names, names)]
    let spans = layers.reduce(0) { $0 + ($1.0?.spans.count ?? 0) }
    if spans == 0 { return (0, 0) }
    let ranges = tokenizer.encode(example.text).ranges
    let unfitted = layers.reduce(0) { sum, layer in
      let typed = (layer.0?.spans ?? []).compactMap { span in
        layer.1.types.firstIndex(of: span.type).map { TypedSpan(type: $0, range: span.range) }
      }
      return sum + layer.1.tags(for: typed, on: ranges).unfitted
    }
    return (spans, unfitted)
  }
}
