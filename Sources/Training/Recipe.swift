import Files
public import Models

/// A training run, as its YAML file says: strictly decoded, and copied into the model folder.
public struct Recipe: Decodable, Equatable, Sendable {
  /// What the model will be called.
  public var name: String
  /// Where all randomness of the run comes from.
  public var seed: UInt64
  /// The folder of corpus cards, relative to the recipe.
  public var cards: String
  /// How the pieces are learned.
  public var tokenizer: TokenizerSettings
  /// The architecture.
  public var model: ModelShape
  /// Masked language modelling on plain text; nil to start from random weights.
  public var pretrain: PretrainSettings?
  /// All heads together on labelled text.
  public var finetune: FinetuneSettings
  /// The file as it was read.
  private(set) var text = ""

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, seed, cards, tokenizer, model, pretrain, finetune
  }

  /// Reads a whole recipe; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    seed = try values.decode(UInt64.self, forKey: .seed)
    cards = try values.decode(String.self, forKey: .cards)
    tokenizer = try values.decode(TokenizerSettings.self, forKey: .tokenizer)
    model = try values.decode(ModelShape.self, forKey: .model)
    pretrain = try values.decodeIfPresent(PretrainSettings.self, forKey: .pretrain)
    finetune = try values.decode(FinetuneSettings.self, forKey: .finetune)
  }

  /// Reads a recipe file.
  ///
  /// - Throws: `TrainingError` naming the file, the line or key, and the remedy.
  public static func load(_ path: String) throws(TrainingError) -> Recipe {
    do {
      let text = String(decoding: try WholeFile.read(path), as: UTF8.self)
      var recipe = try StrictYAML.decode(Recipe.self, from: text, name: path)
      recipe.text = text
      return recipe
    } catch {
      throw .input(error.description)
    }
  }

  /// The recipe with another seed, and a line in its text that says so.
  public func seeded(_ seed: UInt64) -> Recipe {
    var recipe = self
    recipe.seed = seed
    recipe.text += "\n# trained with --seed \(seed)\n"
    return recipe
  }

  /// The names of all corpora that the run reads, each once, in order of name.
  var corpusNames: [String] {
    let shares = (pretrain?.corpora ?? []) + finetune.corpora
    return Set(tokenizer.corpora + shares.map(\.name)).sorted()
  }
}

/// A corpus of a stage and how often the stage reads it.
public struct CorpusShare: Decodable, Equatable, Sendable {
  /// The name on the corpus's card.
  public var name: String
  /// How often each text is met; a fraction takes a random part.
  public var passes: Double

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, passes
  }

  /// Reads a share; `passes` is 1 where it is not given.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    passes = try values.number(.passes, in: 0...1_000, default: 1)
  }
}

/// How the pieces are learned from text.
public struct TokenizerSettings: Decodable, Equatable, Sendable {
  /// Number of pieces; half of a small model is their embedding.
  public var vocabularySize: Int
  /// Share of the characters that get pieces of their own; the rest are spelled in bytes.
  public var characterCoverage: Double
  /// How many texts are taken at most, at random.
  public var textLimit: Int
  /// Corpora whose training texts are read.
  public var corpora: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case vocabularySize = "vocabulary_size"
    case characterCoverage = "character_coverage"
    case textLimit = "text_limit"
    case corpora
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    vocabularySize = try values.number(.vocabularySize, in: 300...1_000_000)
    characterCoverage = try values.number(.characterCoverage, in: 0.98...1, default: 0.9995)
    textLimit = try values.number(.textLimit, in: 1...1 << 30, default: 100_000)
    corpora = try values.decode([String].self, forKey: .corpora)
  }
}

/// The pretraining stage.
///
/// Source: Devlin et al., BERT, 2019, section 3.1 (masked language modelling).
public struct PretrainSettings: Decodable, Equatable, Sendable {
  /// What is read; labels do not count.
  public var corpora: [CorpusShare]
  /// Share of the pieces that are to be guessed, 0...1.
  public var maskProbability: Double
  /// How it steps.
  public var optimization: OptimizationSettings

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora
    case maskProbability = "mask_probability"
    case optimization
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    corpora = try values.decode([CorpusShare].self, forKey: .corpora)
    maskProbability = try values.number(.maskProbability, in: 0.01...0.9, default: 0.15)
    optimization = try values.decode(OptimizationSettings.self, forKey: .optimization)
  }
}

/// The fine-tuning stage.
public struct FinetuneSettings: Decodable, Equatable, Sendable {
  /// What is read.
  public var corpora: [CorpusShare]
  /// What each head's mean loss counts in the sum.
  public var headWeights: HeadWeights
  /// Probability that a piece is hidden behind the mask, so that no label hangs on one word.
  ///
  /// Source: Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods, 2015, section 3.1.
  public var pieceDropout: Double
  /// How it steps.
  public var optimization: OptimizationSettings

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora
    case headWeights = "head_weights"
    case pieceDropout = "piece_dropout"
    case optimization
  }

  /// Reads the settings; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    corpora = try values.decode([CorpusShare].self, forKey: .corpora)
    headWeights = try values.decodeIfPresent(HeadWeights.self, forKey: .headWeights) ?? .init()
    pieceDropout = try values.number(.pieceDropout, in: 0...0.9, default: 0)
    optimization = try values.decode(OptimizationSettings.self, forKey: .optimization)
  }
}

/// What each head's mean loss counts in the sum; 1 where it is not given.
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

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sentiment, intents, opinions, names, polarity
  }

  /// All ones.
  public init() {}

  /// Reads the weights that are given; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    sentiment = try values.number(.sentiment, in: 0...1_000, default: 1)
    intents = try values.number(.intents, in: 0...1_000, default: 1)
    opinions = try values.number(.opinions, in: 0...1_000, default: 1)
    names = try values.number(.names, in: 0...1_000, default: 1)
    polarity = try values.number(.polarity, in: 0...1_000, default: 1)
  }
}
