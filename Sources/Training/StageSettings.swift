import Files

/// A corpus of a stage and how much of it the stage reads.
public struct CorpusShare: Decodable, Equatable, Sendable {
  /// The name on the corpus's card.
  public var name: String
  /// How often each text is met, where the share is given in passes; a fraction takes a random
  /// part.
  public var passes: Double
  /// The corpus's part of the stage's `examples`, beside the other weights; nil where the share is
  /// given in passes.
  public var weight: Double?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, passes, weight
  }

  /// Reads a share; `passes` is 1 where neither it nor `weight` is given.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    passes = try values.number(.passes, in: 0...1_000, default: 1)
    weight =
      values.contains(.weight) ? try values.number(.weight, in: 0...1e9) : nil
    guard !values.contains(.passes) || weight == nil else {
      throw values.problem(.weight, "stands beside passes; give one of the two")
    }
  }
}

/// The corpora of a stage, each with its share.
public struct Mixture: Equatable, Sendable {
  /// In the order of the recipe.
  public var shares: [CorpusShare]
  /// How many texts the stage meets, windows in pretraining, dealt out by the shares' weights; nil
  /// where shares are passes.
  public var examples: Int?
  /// The most texts that a stage can meet.
  static let textLimit = 1 << 28

  /// Reads the list of shares and the number of examples of a stage.
  init<Key>(
    from values: KeyedDecodingContainer<Key>, shares: Key, examples: Key
  ) throws {
    self.shares = try values.decode([CorpusShare].self, forKey: shares)
    try values.requireOnce(self.shares.map(\.name), shares)
    self.examples =
      values.contains(examples) ? try values.number(examples, in: 1...Self.textLimit) : nil
    let weighted = self.shares.count { $0.weight != nil }
    if self.examples == nil, weighted > 0 {
      throw values.problem(
        shares, "has weights; say with \(examples.stringValue) how many texts they deal out")
    }
    if self.examples != nil, weighted < self.shares.count {
      throw values.problem(
        shares, "deals out \(examples.stringValue) by weight; give every corpus a weight")
    }
    guard self.examples == nil || self.shares.contains(where: { $0.weight ?? 0 > 0 }) else {
      throw values.problem(shares, "has no weight above 0")
    }
  }

  /// How often each share's texts are met, when the corpora hold `counts` texts.
  func passes(counts: [Int]) -> [Double] {
    guard let examples else { return shares.map(\.passes) }
    // A corpus without texts cannot take its part.
    let weights = zip(shares, counts).map { $1 > 0 ? $0.weight ?? 0 : 0 }
    let total = weights.reduce(0, +)
    return zip(weights, counts).map { weight, count in
      total > 0 && count > 0 ? Double(examples) * weight / total / Double(count) : 0
    }
  }
}

/// The pretraining stage.
///
/// Source: Devlin et al., BERT, 2019, section 3.1 (masked language modelling).
public struct PretrainSettings: Decodable, Equatable, Sendable {
  /// What is read; labels do not count.
  public var mixture: Mixture
  /// Share of the pieces that are to be guessed, 0...1.
  public var maskProbability: Double
  /// The model whose guesses are to be detected; nil for none.
  public var generator: GeneratorSettings?
  /// How it steps.
  public var optimization: OptimizationSettings

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora, examples
    case maskProbability = "mask_probability"
    case generator, optimization
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    mixture = try Mixture(from: values, shares: .corpora, examples: .examples)
    maskProbability = try values.number(.maskProbability, in: 0.01...0.9, default: 0.15)
    generator = try values.decodeIfPresent(GeneratorSettings.self, forKey: .generator)
    optimization = try values.decode(OptimizationSettings.self, forKey: .optimization)
  }
}

/// A model that replaces pieces in pretraining, so that replaced pieces are to be detected.
///
/// Source: Clark et al., ELECTRA, 2020, section 2.
public struct GeneratorSettings: Decodable, Equatable, Sendable {
  /// Its folder, relative to the recipe; it stays as it is.
  public var model: String
  /// Share of the chosen pieces that it replaces, 0.01...1; the others are hidden.
  public var share: Double
  /// What the mean loss of detection counts beside that of guessing.
  public var weight: Double

  /// Settings that a caller has.
  public init(model: String, share: Double, weight: Double) {
    self.model = model
    self.share = share
    self.weight = weight
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, share, weight
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    model = try values.decode(String.self, forKey: .model)
    share = try values.number(.share, in: 0.01...1, default: 0.5)
    weight = try values.number(.weight, in: 0...1_000, default: 10)
  }
}

/// The fine-tuning stage.
public struct FinetuneSettings: Decodable, Equatable, Sendable {
  /// What is read.
  public var mixture: Mixture
  /// Whether the run goes on with the heads of the model that it begins with, not with new ones.
  public var keepsHeads: Bool
  /// The folders of models, relative to the recipe, whose mean says what texts without any label
  /// teach the heads of sentiment and intents. Without teachers such texts teach nothing.
  public var teachers: [String]
  /// What each head's mean loss counts in the sum.
  public var headWeights: HeadWeights
  /// What each class counts in its head's mean loss.
  public var classWeights: ClassWeightSettings
  /// Share of the target that is spread over all classes, 0..<1.
  ///
  /// Source: Szegedy et al., Rethinking the Inception Architecture, 2016, section 7.
  public var labelSmoothing: Double
  /// Probability that a piece is hidden behind the mask, so that no label hangs on one word.
  ///
  /// Source: Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods, 2015, section 3.1.
  public var pieceDropout: Double
  /// How far a second reading of every text moves its embeddings towards a larger loss, in lengths of
  /// a piece's embedding; 0 for one reading alone.
  ///
  /// Source: Miyato et al., Adversarial Training Methods for Semi-Supervised Text Classification,
  /// 2017, section 3.
  public var adversarialNorm: Double
  /// Probability that a text with an intent, and nothing else known of it, is read as one with a rated
  /// text of its step that is known to lack it, so that intents are found amid a review too.
  public var joinProbability: Double
  /// How it steps.
  public var optimization: OptimizationSettings
  /// When to stop before the last step; nil to take them all.
  public var earlyStopping: EarlyStoppingSettings?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora, examples, teachers
    case keepsHeads = "keep_heads"
    case headWeights = "head_weights"
    case classWeights = "class_weights"
    case labelSmoothing = "label_smoothing"
    case pieceDropout = "piece_dropout"
    case adversarialNorm = "adversarial_norm"
    case joinProbability = "join_probability"
    case optimization
    case earlyStopping = "early_stopping"
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    mixture = try Mixture(from: values, shares: .corpora, examples: .examples)
    keepsHeads = try values.decodeIfPresent(Bool.self, forKey: .keepsHeads) ?? false
    teachers = try values.decodeIfPresent([String].self, forKey: .teachers) ?? []
    headWeights = try values.decodeIfPresent(HeadWeights.self, forKey: .headWeights) ?? .init()
    classWeights =
      try values.decodeIfPresent(ClassWeightSettings.self, forKey: .classWeights) ?? .init()
    labelSmoothing = try values.number(.labelSmoothing, in: 0...0.9, default: 0)
    pieceDropout = try values.number(.pieceDropout, in: 0...0.9, default: 0)
    adversarialNorm = try values.number(.adversarialNorm, in: 0...10, default: 0)
    joinProbability = try values.number(.joinProbability, in: 0...1, default: 0)
    optimization = try values.decode(OptimizationSettings.self, forKey: .optimization)
    earlyStopping = try values.decodeIfPresent(
      EarlyStoppingSettings.self, forKey: .earlyStopping)
  }
}

/// The linear model over n-grams beside the encoder.
public struct NGramSettings: Decodable, Equatable, Sendable {
  /// What it learns from.
  public var mixture: Mixture
  /// The most n-grams that the model of the sentiment head knows; 0 for no such model.
  public var sentimentFeatures: Int
  /// The most n-grams that the model of the intent head knows; 0 for no such model.
  public var intentFeatures: Int
  /// How often every text is met.
  public var epochs: Int
  /// In how many orders of the texts the model is trained; the mean of the weights is kept, since
  /// those of n-grams that few texts have hang on the order.
  public var orders: Int
  /// The first step of every weight; it falls to zero over the epochs.
  public var learningRate: Double
  /// L2 penalty of a weight, per text that has its n-gram.
  public var decay: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora, examples
    case sentimentFeatures = "sentiment_features"
    case intentFeatures = "intent_features"
    case epochs, orders
    case learningRate = "learning_rate"
    case decay
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    mixture = try Mixture(from: values, shares: .corpora, examples: .examples)
    sentimentFeatures = try values.number(
      .sentimentFeatures, in: 0...1 << 24, default: 1 << 18)
    intentFeatures = try values.number(.intentFeatures, in: 0...1 << 24, default: 1 << 16)
    epochs = try values.number(.epochs, in: 1...1_000, default: 8)
    orders = try values.number(.orders, in: 1...100, default: 1)
    learningRate = try values.number(.learningRate, in: 0...100, default: 0.1)
    decay = try values.number(.decay, in: 0...1, default: 1e-4)
  }
}

/// How confidences are calibrated: on development splits.
public struct CalibrationSettings: Decodable, Equatable, Sendable {
  /// Of which corpora; nil for those of the fine-tuning.
  public var corpora: [String]?
  /// Of which corpora besides, that no stage learns: so that confidences and the weight of the linear
  /// model, which knows the words of what it learned, fit other texts too.
  public var unseen: [String]
  /// Texts of each development split that are read at most, at random.
  public var textLimit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora, unseen
    case textLimit = "text_limit"
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    corpora = try values.decodeIfPresent([String].self, forKey: .corpora)
    unseen = try values.decodeIfPresent([String].self, forKey: .unseen) ?? []
    try values.requireOnce(corpora ?? [], .corpora)
    try values.requireOnce(unseen, .unseen)
    textLimit = try values.number(.textLimit, in: 1...1 << 30, default: 2_000)
  }
}

/// What each head's mean loss counts in the sum; 1 where nothing else is said.
public struct HeadWeights: Decodable, Equatable, Sendable {
  /// Over texts with stars.
  public var sentiment = 1.0
  /// Over texts with intents.
  public var intents = 1.0
  /// Over pieces with known opinion tags.
  public var opinions = 1.0
  /// Over pieces with known name tags.
  public var names = 1.0
  /// Over aspects with a polarity.
  public var polarity = 1.0
  /// Over texts with an intent of their corpus's own naming; 0, as without it, for no such head.
  ///
  /// Source: Caruana, Multitask Learning, 1997, section 1.1 (tasks share a representation).
  public var corpusIntents = 0.0

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sentiment, intents, opinions, names, polarity
    case corpusIntents = "corpus_intents"
  }

  /// All ones, but for corpus intents, which are 0.
  public init() {}

  /// Reads the weights that are given; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    sentiment = try values.number(.sentiment, in: 0...1_000, default: 1)
    intents = try values.number(.intents, in: 0...1_000, default: 1)
    opinions = try values.number(.opinions, in: 0...1_000, default: 1)
    names = try values.number(.names, in: 0...1_000, default: 1)
    polarity = try values.number(.polarity, in: 0...1_000, default: 1)
    corpusIntents = try values.number(.corpusIntents, in: 0...1_000, default: 0)
  }
}

/// When fine-tuning ends before its last step: a figure on the development splits no longer rises.
///
/// The model is the best one met; the last one is kept beside it.
public struct EarlyStoppingSettings: Decodable, Equatable, Sendable {
  /// The figure, such as `sentiment.macro_f1`.
  public var metric: DevelopmentMetric
  /// Steps between two looks at it.
  public var everySteps: Int
  /// Looks in a row that may bring nothing better before the stage ends.
  public var patience: Int
  /// Texts of each development split that are read at most, at random.
  public var textLimit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case metric
    case everySteps = "every_steps"
    case patience
    case textLimit = "text_limit"
  }

  /// Reads the settings; an unknown key or metric is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .metric)
    guard let metric = DevelopmentMetric(name: name) else {
      throw values.problem(
        .metric,
        "is \(name); it has to be \(DevelopmentMetric.nameForm), as in sentiment.macro_f1")
    }
    self.metric = metric
    everySteps = try values.number(.everySteps, in: 1...1 << 30)
    patience = try values.number(.patience, in: 1...1_000_000, default: 3)
    textLimit = try values.number(.textLimit, in: 1...1 << 30, default: 1_000)
  }
}
