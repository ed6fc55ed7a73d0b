import Foundation
import Layers
import Models
import Reviews
import Tensors
import Tokenization

/// One worker's reading: the windows of texts go through the encoder in passes, and what the heads
/// say of the windows is put together text by text.
///
/// Of a text in many windows no more is kept than its pieces and a few hidden states. What is said
/// of a text depends neither on the texts beside it nor on where a pass ends.
final class PassReader {
  private let model: LoadedModel
  private let weights: PackedParameters
  private let batchTokens: Int
  private let heads: Set<Head>
  private let tagReader: TagReader
  private let workspace = Workspace()

  init(_ model: LoadedModel, _ weights: PackedParameters, batchTokens: Int, heads: Set<Head>) {
    self.model = model
    self.weights = weights
    self.batchTokens = batchTokens
    self.heads = heads
    tagReader = TagReader(model.configuration)
  }

  var allocationCount: Int { workspace.allocationCount }

  /// A window of a text, and the rows of the pass that it owns.
  private struct Part {
    let text: Int
    let isLast: Bool
    let rows: Range<Int>
  }

  /// What the model says about each text; `spans` are empty or as many as the texts.
  func read(_ texts: [String], _ spans: [[Range<Int>]]) -> [Reading] {
    var open = texts.enumerated().map { index, text in
      OpenText(text, asked: spans.isEmpty ? [] : spans[index], model: model)
    }
    let windows = open.indices.flatMap { text in
      open[text].windows.map { (text: text, window: $0) }
    }
    for pass in runs(of: windows.lazy.map(\.window.pieces.count), limit: batchTokens) {
      read(Array(windows[pass]), &open)
    }
    return open.map { $0.reading(model) }
  }

  private func read(_ windows: [(text: Int, window: TextWindow)], _ open: inout [OpenText]) {
    workspace.reset()
    var ids: [Int32] = []
    let parts = windows.map { text, window in
      let start = ids.count - window.pieces.lowerBound
      ids.append(contentsOf: open[text].ids[window.pieces])
      open[text].usedPieces += window.owned.count
      return Part(
        text: text, isLast: window.pieces.upperBound == open[text].ids.count,
        rows: start + window.owned.lowerBound..<start + window.owned.upperBound)
    }
    let hidden = model.model.encoder(
      ids, lengths: windows.map(\.window.pieces.count), weights, workspace)
    if heads.contains(.sentiment) { readSentiment(parts, hidden, &open) }
    if heads.contains(.intents) { readIntents(parts, hidden, &open) }
    if heads.contains(.entities) { readEntities(parts, hidden, &open) }
  }

  /// Stars of the texts that end here: of the mean over all their pieces.
  private func readSentiment(_ parts: [Part], _ hidden: Matrix, _ open: inout [OpenText]) {
    let head = model.model.sentiment
    let (means, logSums) = head.parts(hidden, groups: parts.map(\.rows), weights, workspace)
    var ended: [(text: Int, mean: [Float])] = []
    for (row, part) in parts.enumerated() {
      let mean = means.rows(row..<row + 1).values
      guard open[part.text].windows.count > 1 else {
        ended.append((part.text, mean))
        continue
      }
      open[part.text].sentiment.add(mean, logSum: logSums[row])
      if part.isLast { ended.append((part.text, open[part.text].sentiment.mean)) }
    }
    let pooled = workspace.matrix(rows: ended.count, columns: hidden.columns)
    pooled.copy(from: ended.flatMap(\.mean))
    let stars = head.logits(pooled, weights, workspace)
    for (row, text) in ended.map(\.text).enumerated() {
      open[text].starLogits = stars.rows(row..<row + 1).values.map(Double.init)
    }
  }

  /// Intents of the windows; a text's are those of the window that says each most clearly.
  private func readIntents(_ parts: [Part], _ hidden: Matrix, _ open: inout [OpenText]) {
    let intents = model.model.intents(hidden, groups: parts.map(\.rows), weights, workspace)
    for (row, text) in parts.map(\.text).enumerated() {
      let window = intents.rows(row..<row + 1).values.map(Double.init)
      let before = open[text].intentLogits
      open[text].intentLogits =
        before.isEmpty ? window : zip(before, window).map { max($0, $1) }
    }
  }

  /// Rows of one text: what the pass before left, then those of its windows.
  private struct Section {
    let text: Int
    var rows: Range<Int>
    /// The same rows in the pass, without those that were left.
    var owners: [Int32] = []
    var isLast = false
  }

  private func readEntities(_ parts: [Part], _ hidden: Matrix, _ open: inout [OpenText]) {
    var sections: [Section] = []
    var count = 0
    for part in parts {
      if sections.last?.text != part.text {
        let left = open[part.text].tail.count / hidden.columns
        sections.append(Section(text: part.text, rows: count..<count + left))
        count += left
      }
      count += part.rows.count
      let last = sections.count - 1
      sections[last].rows = sections[last].rows.lowerBound..<count
      sections[last].owners.append(contentsOf: part.rows.map(Int32.init))
      sections[last].isLast = part.isLast
    }
    let states = workspace.matrix(rows: count, columns: hidden.columns)
    for section in sections {
      let middle = section.rows.upperBound - section.owners.count
      states.rows(section.rows.lowerBound..<middle).copy(from: open[section.text].tail)
      Kernels.gatherRows(
        section.owners, of: hidden, into: states.rows(middle..<section.rows.upperBound))
    }
    let tags = EntityLayer.allCases.map { layer in
      let tags = model.model.tags(layer)(states, weights, workspace)
      if let weight = model.configuration.outsideWeights[layer.rawValue] {
        let bias = workspace.zeros(rows: 1, columns: tags.columns)
        bias[0, TagScheme.outside] = Float(log(weight))
        Kernels.addBias(bias, to: tags)
      }
      Kernels.softmax(tags)
      return tags
    }
    var questions: [Question] = []
    for section in sections where !open[section.text].pieces.ids.isEmpty {
      let text = open[section.text]
      let (entities, cut) = tagReader.read(
        text, tags.map { $0.rows(section.rows) }, isLast: section.isLast)
      questions += Self.questions(section, text, entities, cut)
      open[section.text].entities += entities.map(\.entity)
      let left = section.rows.lowerBound + cut..<section.rows.upperBound
      open[section.text].tail = section.isLast ? [] : states.rows(left).values
      open[section.text].base += cut
    }
    judge(questions, states, &open)
  }

  /// A span whose polarity is asked for: the rows of its pieces, and where the answer belongs.
  private struct Question {
    let rows: Range<Int>
    let text: Int
    /// Index of the text's entity; nil for a span that the caller asked about.
    let entity: Int?
    var span = 0
  }

  /// The questions about what `cut` pieces of a section hold: aspects, and spans asked about.
  private static func questions(
    _ section: Section, _ text: OpenText, _ entities: [TagReader.Found], _ cut: Int
  ) -> [Question] {
    let start = section.rows.lowerBound
    var questions: [Question] = []
    for (index, found) in entities.enumerated() where found.entity.type == "ASPECT" {
      questions.append(
        Question(
          rows: start + found.rows.lowerBound..<start + found.rows.upperBound,
          text: section.text, entity: text.entities.count + index))
    }
    let done = text.base..<text.base + cut
    for (index, pieces) in text.asked.enumerated() {
      // A span without pieces of its own stays neutral.
      guard let pieces, done.contains(pieces.upperBound - 1) else { continue }
      let rows = pieces.clamped(to: done)
      questions.append(
        Question(
          rows: start + rows.lowerBound - text.base..<start + rows.upperBound - text.base,
          text: section.text, entity: nil, span: index))
    }
    return questions
  }

  private func judge(_ questions: [Question], _ states: Matrix, _ open: inout [OpenText]) {
    guard !questions.isEmpty else { return }
    let logits = model.model.polarity(
      states, groups: questions.map(\.rows), weights, workspace)
    for (row, question) in questions.enumerated() {
      let scores = logits.rows(row..<row + 1).values
      let polarity = Gloss.Polarity.allCases[scores.indices.max { scores[$0] < scores[$1] } ?? 0]
      if let entity = question.entity {
        open[question.text].entities[entity].polarity = polarity
      } else {
        open[question.text].polarities[question.span] = polarity
      }
    }
  }
}
