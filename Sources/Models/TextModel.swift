public import Layers
public import Reviews
public import Tensors

/// One encoder and the heads that read it.
///
/// The stored properties are the architecture; the numbers live in a `ParameterBuffer` of `layout`.
public struct TextModel: Sendable {
  /// Pieces to hidden states.
  public let encoder: TextEncoder
  /// Logits of one to five stars per text.
  public let sentiment: ClassificationHead
  /// Logits of every intent per text.
  public let intents: LabelAttention
  /// Tag logits of the opinion layer per piece: outside, then begin and inside of every type.
  public let opinionTags: Linear
  /// Tag logits of the name layer per piece.
  public let nameTags: Linear
  /// Logits of negative, neutral and positive per aspect span.
  public let polarity: ClassificationHead
  /// Logits of the intents that corpora themselves name; only while training, to teach the encoder
  /// finer distinctions than ours.
  public let corpusIntents: ClassificationHead?
  /// Logit of each piece that a generator put it in the place of another; only while pretraining.
  public let replacedPieces: Linear?
  /// Bias of the vocabulary logits in pretraining; their weights are the embedding's.
  public let vocabularyBias: Slot
  /// Every parameter, by name.
  public let layout: ParameterLayout

  /// The model that `configuration` describes, without numbers; with a head for
  /// `corpusIntentCount` classes more, unless there are none, and where it `detectsReplacements` one
  /// for these.
  public init(
    _ configuration: ModelConfiguration, corpusIntentCount: Int = 0,
    detectsReplacements: Bool = false
  ) {
    let size = configuration.shape.hiddenSize
    var layout = ParameterLayout()
    encoder = TextEncoder(
      "encoder", shape: configuration.shape, vocabularySize: configuration.vocabularySize,
      in: &layout)
    sentiment = ClassificationHead("sentiment", hiddenSize: size, labelCount: 5, in: &layout)
    intents = LabelAttention(
      "intents", size: size, labelCount: configuration.intents.count, in: &layout)
    opinionTags = Linear(
      "opinions.tags", inputSize: size, outputSize: 1 + 2 * configuration.opinionTypes.count,
      in: &layout)
    nameTags = Linear(
      "names.tags", inputSize: size, outputSize: 1 + 2 * configuration.nameTypes.count,
      in: &layout)
    polarity = ClassificationHead(
      "opinions.polarity", hiddenSize: size, labelCount: Gloss.Polarity.allCases.count,
      in: &layout)
    vocabularyBias = layout.addVector(
      "pretraining.vocabulary_bias", size: configuration.vocabularySize, initialization: .zeros)
    // Last, so that all else begins with the same numbers with and without it.
    corpusIntents =
      corpusIntentCount > 0
      ? ClassificationHead(
        Self.corpusIntentsName, hiddenSize: size, labelCount: corpusIntentCount, in: &layout)
      : nil
    replacedPieces =
      detectsReplacements
      ? Linear(Self.replacedPiecesName, inputSize: size, outputSize: 1, in: &layout) : nil
    self.layout = layout
  }

  private static let corpusIntentsName = "corpus_intents"
  private static let replacedPiecesName = "replaced_pieces"

  /// The parameters that a model folder keeps.
  var keptSlots: [Slot] {
    let trained = [Self.corpusIntentsName, Self.replacedPiecesName].map { "\($0)." }
    return layout.slots.filter { slot in !trained.contains(where: slot.name.hasPrefix) }
  }

  /// The tag logits' layer.
  public func tags(_ layer: EntityLayer) -> Linear {
    switch layer {
    case .opinion: opinionTags
    case .name: nameTags
    }
  }

  /// The hidden state of every piece of every text of `batch`, in order: [pieces, D].
  public func hiddenStates(
    _ batch: TextBatch, _ weights: PackedParameters, _ workspace: Workspace
  ) -> Matrix {
    batch.stitched(
      encoder(batch.ids, lengths: batch.windowLengths, weights, workspace), workspace)
  }
}
