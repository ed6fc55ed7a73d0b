import Layers
public import Models
import Reviews
import Tensors
import Tokenization

/// Reads texts with a model: tokenizer, encoder and heads, on several threads.
///
/// Results come back in the order of the texts. A reader keeps its scratch memory between calls
/// and serves one caller at a time.
public final class TextReader {
  /// The model that reads.
  public let model: LoadedModel
  private let weights: PackedParameters
  private let workers: Workers
  private let batchTokens: Int
  private let workspaces: [Workspace]

  /// Pieces of a pass through the encoder whose numbers stay in a core's cache.
  public static let defaultBatchTokens = 512

  /// A reader that packs about `batchTokens` pieces into each pass through the encoder.
  public init(_ model: LoadedModel, threads: Int, batchTokens: Int = defaultBatchTokens) {
    BLAS.warnOnce()
    self.model = model
    weights = PackedParameters(model.weights)
    workers = Workers(count: threads)
    self.batchTokens = max(1, batchTokens)
    workspaces = (0..<workers.count).map { _ in Workspace() }
  }

  /// How often scratch memory was asked of the system; constant once the largest batch was met.
  var allocationCount: Int { workspaces.reduce(0) { $0 + $1.allocationCount } }

  /// What the model says about each text.
  ///
  /// `spans` are for each text UTF-8 byte ranges whose polarity is asked for, beside that of the
  /// aspects found; empty for none.
  public func read(_ texts: [String], polaritiesOf spans: [[Range<Int>]] = []) -> [Reading] {
    precondition(spans.isEmpty || spans.count == texts.count, "spans for other texts")
    let encoded = workers.map(texts) { text in
      let pieces = model.tokenizer.encode(text)
      return PiecedText(
        text: text, language: Language.code(of: text), pieces: pieces,
        continuesWord: pieces.continuesWord(in: text))
    }
    let shards = runs(of: encoded.map(\.pieces.count), limit: batchTokens)
    var readings: [[Reading]] = Array(repeating: [], count: shards.count)
    unsafe readings.withUnsafeMutableBufferPointer { readings in
      // Each shard writes its own element only.
      nonisolated(unsafe) let readings = unsafe readings
      workers.forEach(shards.count) { index, worker in
        let shard = shards[index]
        unsafe readings[index] = read(
          Array(encoded[shard]), spans.isEmpty ? [] : Array(spans[shard]), workspaces[worker])
      }
    }
    return readings.flatMap { $0 }
  }

  private func read(
    _ texts: [PiecedText], _ spans: [[Range<Int>]], _ workspace: Workspace
  ) -> [Reading] {
    workspace.reset()
    // A text that normalisation leaves empty is read as one unknown piece.
    let batch = TextBatch(
      texts.map { $0.pieces.ids.isEmpty ? [model.tokenizer.unknownID] : $0.pieces.ids },
      shape: model.configuration.shape)
    let hidden = model.model.hiddenStates(batch, weights, workspace)
    let stars = model.model.sentiment(
      hidden, groups: batch.textRows, weights, workspace)
    Kernels.softmax(stars)
    let intents = model.model.intents(hidden, groups: batch.textRows, weights, workspace)
    Kernels.sigmoid(intents)
    let opinionTags = tagProbabilities(.opinion, hidden, workspace)
    let nameTags = tagProbabilities(.name, hidden, workspace)

    var readings = texts.indices.map { index in
      let rows = batch.textRows[index]
      let opinions = entities(.opinion, opinionTags.rows(rows), texts[index])
      let names = entities(.name, nameTags.rows(rows), texts[index])
      let probabilities = intents.rows(index..<index + 1).values.map(Double.init)
      let language = texts[index].language
      return Reading(
        language: language, stars: stars.rows(index..<index + 1).values.map(Double.init),
        intents: zip(model.configuration.intents, probabilities).map { name, probability in
          model.configuration.knows(name, in: language) ? probability : 0
        },
        entities: (opinions + names).sorted {
          ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        },
        polarities: [], tokens: texts[index].pieces.count, windows: batch.windowCounts[index])
    }
    judge(texts, batch, hidden, spans, workspace, &readings)
    return readings
  }

  /// The probability of every tag for every piece.
  private func tagProbabilities(
    _ layer: EntityLayer, _ hidden: Matrix, _ workspace: Workspace
  ) -> Matrix {
    let tags = model.model.tags(layer)(hidden, weights, workspace)
    Kernels.softmax(tags)
    return tags
  }

  /// The spans that the likeliest tags spell and that are likelier than the threshold; the first
  /// piece of a word decides for all of it. A span without letter or digit names nothing.
  private func entities(
    _ layer: EntityLayer, _ probabilities: Matrix, _ text: PiecedText
  ) -> [Reading.Entity] {
    guard !text.pieces.ids.isEmpty else { return [] }
    let scheme = TagScheme(types: model.configuration.types(of: layer))
    var tags: [Int] = []
    var confidences: [Double] = []
    var wordTag = TagScheme.outside
    for row in 0..<probabilities.rows {
      if text.pieces.ranges[row].isEmpty || text.continuesWord[row] {
        tags.append(scheme.type(ofTag: wordTag).map(scheme.insideTag) ?? TagScheme.outside)
        confidences.append(1)
        continue
      }
      var best = 0
      for tag in 1..<probabilities.columns
      where probabilities[row, tag] > probabilities[row, best] { best = tag }
      wordTag = best
      tags.append(best)
      confidences.append(Double(probabilities[row, best]))
    }
    let utf8 = Array(text.text.utf8)
    return scheme.spans(from: tags, on: text.pieces.ranges).compactMap { span in
      let type = scheme.types[span.type]
      let confidence = span.pieces.reduce(1) { $0 * confidences[$1] }
      let isWorded = String(decoding: utf8[span.bytes], as: UTF8.self).unicodeScalars
        .contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
      guard confidence >= model.configuration.entityThreshold, isWorded,
        model.configuration.knows(type, in: text.language)
      else { return nil }
      return Reading.Entity(layer: layer, type: type, bytes: span.bytes, confidence: confidence)
    }
  }

  /// Sets the polarity of every aspect found and of every span asked about.
  private func judge(
    _ texts: [PiecedText], _ batch: TextBatch, _ hidden: Matrix, _ spans: [[Range<Int>]],
    _ workspace: Workspace, _ readings: inout [Reading]
  ) {
    var groups: [Range<Int>] = []
    var asked: [(text: Int, entity: Int?)] = []
    func ask(_ bytes: Range<Int>, _ text: Int, _ entity: Int?) {
      let start = batch.textRows[text].lowerBound
      // A span without pieces of its own is judged by the whole text.
      let pieces = texts[text].pieces.pieces(covering: bytes) ?? 0..<batch.textRows[text].count
      groups.append(start + pieces.lowerBound..<start + pieces.upperBound)
      asked.append((text, entity))
    }
    for (text, reading) in readings.enumerated() {
      for (index, entity) in reading.entities.enumerated() where entity.type == "ASPECT" {
        ask(entity.bytes, text, index)
      }
      if !spans.isEmpty { for span in spans[text] { ask(span, text, nil) } }
    }
    guard !groups.isEmpty else { return }
    let logits = model.model.polarity(hidden, groups: groups, weights, workspace)
    for (row, (text, entity)) in asked.enumerated() {
      let scores = logits.rows(row..<row + 1).values
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      let polarity = Gloss.Polarity.allCases[best]
      if let entity {
        readings[text].entities[entity].polarity = polarity
      } else {
        readings[text].polarities.append(polarity)
      }
    }
  }

  /// A text as pieces, and which of them go on with a word.
  private struct PiecedText {
    let text: String
    let language: String
    let pieces: EncodedText
    let continuesWord: [Bool]
  }
}
