import Corpora
import Reviews
import Tokenization

/// A row in our own form, which the reader of `gloss-json` reads back to the same example, less the
/// name that the corpus gives its intent.
struct CanonicalLine {
  let text: String

  /// Nil for a row that is not used.
  init?(_ row: CorpusRow) {
    switch row.outcome {
    case .example(let example): self.init(example)
    case .record(let record): self.init(record)
    default: return nil
    }
  }

  init(_ example: Example) {
    var line = JSONLine()
    line.open("{")
    line.field("id", example.id)
    line.field("user", example.user)
    line.field("item", example.item)
    line.field("time", example.time)
    line.field("text", example.text)
    if let stars = example.stars {
      line.key("stars")
      line.list(stars.stars) { $0.value(Double($1)) }
    }
    let layers = EntityLayer.allCases.map { ($0, example.labels(of: $0)) }
    if layers.contains(where: { $0.1 != nil }) {
      let offsets = TextOffsets(example.text)
      line.key("entities")
      line.list(layers.flatMap { layer, labels in (labels?.spans ?? []).map { (layer, $0) } }) {
        $0.write($1.1, of: $1.0, offsets)
      }
      let unknown = layers.flatMap { layer, labels in (labels?.unknown ?? []).map { (layer, $0) } }
      if !unknown.isEmpty {
        line.key("unknown")
        line.list(unknown) { $0.write($1.1, of: $1.0, offsets) }
      }
    }
    if let intents = example.intents {
      line.key("intents")
      line.list(intents.positive) { $0.value($1) }
      line.key("supervises")
      line.list(intents.supervised) { $0.value($1) }
    }
    line.close("}")
    text = line.text
  }

  init(_ record: CorpusRecord) {
    var line = JSONLine()
    line.open("{")
    line.field("id", record.id)
    line.field("user", record.user)
    line.field("order", record.order)
    line.field("time", record.time)
    if record.items.count == 1 {
      line.field("item", record.items[0])
    } else if !record.items.isEmpty {
      line.key("item")
      line.list(record.items) { $0.value($1) }
    }
    line.field("text", record.text)
    line.field("label", record.label)
    let numbers = [
      ("quantity", record.quantity), ("price", record.price), ("amount", record.amount),
      ("rating", record.rating),
    ]
    for case (let name, let number?) in numbers { line.field(name, number) }
    line.close("}")
    text = line.text
  }
}

extension JSONLine {
  fileprivate mutating func write(
    _ span: LabelledSpan, of layer: EntityLayer, _ offsets: TextOffsets
  ) {
    open("{")
    field("layer", layer.rawValue)
    field("type", span.type)
    field("start", offsets.scalars(atByte: span.range.lowerBound))
    field("end", offsets.scalars(atByte: span.range.upperBound))
    field("polarity", span.polarity?.rawValue)
    if !span.groups.isEmpty {
      key("groups")
      list(span.groups) { $0.value($1) }
    }
    close("}")
  }

  fileprivate mutating func write(
    _ range: Range<Int>, of layer: EntityLayer, _ offsets: TextOffsets
  ) {
    open("{")
    field("layer", layer.rawValue)
    field("start", offsets.scalars(atByte: range.lowerBound))
    field("end", offsets.scalars(atByte: range.upperBound))
    close("}")
  }
}
