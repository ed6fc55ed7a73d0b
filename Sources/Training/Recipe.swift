import Files
import Foundation
public import Models

/// A training run, as its YAML file says: strictly decoded, and copied into the model folder.
public struct Recipe: Decodable, Equatable, Sendable {
  /// What the model will be called.
  public var name: String
  /// Where all randomness of the run comes from.
  public var seed: UInt64
  /// The folder of corpus cards, relative to the recipe.
  public var cards: String
  /// How the licences of the corpora begin that may be read; nil for all corpora.
  public var licences: [String]?
  /// Corpora whose training splits are read as they were published, also texts that a development or
  /// test split holds: figures on these are then comparable with published ones, and flattered.
  public var asPublished: [String]
  /// The folders of models, relative to the recipe, with whose tokenizer, architecture and encoder
  /// the run begins: of several, with the mean of their weights. Without any, with random weights.
  ///
  /// Source: Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, 2018.
  public var bases: [String]
  /// How many blocks the encoder of `bases` gets more, spread evenly. Each begins as a copy of the
  /// block below it that adds nothing to its input, so that the encoder says what it said.
  ///
  /// Source: Wu et al., LLaMA Pro: Progressive LLaMA with Block Expansion, 2024, section 3.2.
  public var addedLayers: Int
  /// How the pieces are learned; nil where `bases` bring a tokenizer.
  public var tokenizer: TokenizerSettings?
  /// The architecture; nil where `bases` bring one.
  public var model: ModelShape?
  /// Masked language modelling on plain text; nil to start from random weights.
  public var pretrain: PretrainSettings?
  /// All heads together on labelled text; nil to end with a pretrained encoder without labels, or
  /// without `pretrain` either, with the heads that `bases` have.
  public var finetune: FinetuneSettings?
  /// The linear model beside the encoder; nil for none.
  public var ngrams: NGramSettings?
  /// How confidences are calibrated on development splits; nil to leave them as they are.
  public var calibration: CalibrationSettings?
  /// How the model's numbers are stored.
  public var weights: NumberType
  /// Where it was read.
  private(set) var path = ""
  /// The file as it was read.
  private(set) var text = ""

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, seed, cards, licences
    case asPublished = "as_published"
    case bases = "from"
    case addedLayers = "added_layers"
    case tokenizer, model, pretrain, finetune, ngrams, calibration, weights
  }

  /// Reads a whole recipe; an unknown key is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    seed = try values.decode(UInt64.self, forKey: .seed)
    cards = try values.decode(String.self, forKey: .cards)
    licences = try values.decodeIfPresent([String].self, forKey: .licences)
    asPublished = try values.decodeIfPresent([String].self, forKey: .asPublished) ?? []
    if let folder = try? values.decode(String.self, forKey: .bases) {
      bases = [folder]
    } else {
      bases = try values.decodeIfPresent([String].self, forKey: .bases) ?? []
    }
    addedLayers = try values.number(.addedLayers, in: 0...64, default: 0)
    tokenizer = try values.decodeIfPresent(TokenizerSettings.self, forKey: .tokenizer)
    model = try values.decodeIfPresent(ModelShape.self, forKey: .model)
    pretrain = try values.decodeIfPresent(PretrainSettings.self, forKey: .pretrain)
    finetune = try values.decodeIfPresent(FinetuneSettings.self, forKey: .finetune)
    ngrams = try values.decodeIfPresent(NGramSettings.self, forKey: .ngrams)
    calibration = try values.decodeIfPresent(CalibrationSettings.self, forKey: .calibration)
    weights = try values.choice(.weights, default: .float32)
    let hasWork = pretrain != nil || finetune != nil || ngrams != nil || calibration != nil
    guard hasWork || bases.count > 1 else {
      throw values.problem(
        .finetune, "is missing, as are pretrain, ngrams and calibration; give one of them")
    }
    guard pretrain == nil || finetune != nil || ngrams == nil && calibration == nil else {
      throw values.problem(
        ngrams == nil ? .calibration : .ngrams,
        "is of heads, and pretrain alone makes none; give finetune, or leave it out")
    }
    guard addedLayers == 0 || pretrain != nil || finetune != nil else {
      throw values.problem(.addedLayers, "would learn nothing; give pretrain or finetune")
    }
    guard
      calibration == nil || calibration?.corpora != nil || calibration?.unseen.isEmpty == false
        || finetune != nil
    else {
      throw values.problem(.calibration, "has no corpora, and there are none of finetune")
    }
    guard ngrams == nil || finetune == nil || calibration != nil else {
      throw values.problem(.ngrams, "counts for nothing without calibration; add calibration: {}")
    }
    let seen = learnedCorpora.union(calibration?.corpora ?? [])
    if let name = calibration?.unseen.first(where: seen.contains) {
      throw values.problem(
        .calibration, "names \(name) as unseen, and as seen or learned too; leave it out of one")
    }
    if let unread = asPublished.first(where: { !corpusNames.contains($0) }) {
      throw values.problem(.asPublished, "names \(unread); no stage reads it, so leave it out")
    }
  }

  /// Reads a recipe file.
  ///
  /// - Throws: `TrainingError` naming the file, the line or key, and the remedy.
  public static func load(_ path: String) throws(TrainingError) -> Recipe {
    do {
      let text = try WholeFile.text(path)
      var recipe = try StrictYAML.decode(Recipe.self, from: text, name: path)
      recipe.path = path
      recipe.text = text
      recipe.bases = recipe.bases.map { resolve($0, besideRecipe: path) }
      if let generator = recipe.pretrain?.generator {
        recipe.pretrain?.generator?.model = resolve(generator.model, besideRecipe: path)
      }
      if let teachers = recipe.finetune?.teachers {
        recipe.finetune?.teachers = teachers.map { resolve($0, besideRecipe: path) }
      }
      return recipe
    } catch {
      throw .input(error.description)
    }
  }

  /// A path that a recipe names, as seen from the working folder.
  static func resolve(_ path: String, besideRecipe recipe: String) -> String {
    if path.hasPrefix("/") { return path }
    let folder = Folder.parent(of: recipe)
    if folder.isEmpty { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The recipe with another seed, and a line in its text that says so.
  public func seeded(_ seed: UInt64) -> Recipe {
    var recipe = self
    recipe.seed = seed
    recipe.text += "\n# trained with --seed \(seed)\n"
    return recipe
  }

  /// The recipe begun with another model, and a line in its text that says so.
  public func started(from folder: String) -> Recipe {
    var recipe = self
    recipe.bases = [folder]
    recipe.text += "\n# trained with --from \(folder)\n"
    return recipe
  }

  /// The corpora whose development splits calibrate.
  var calibrationCorpora: [String] {
    (calibration?.corpora ?? finetune?.mixture.shares.map(\.name) ?? [])
      + (calibration?.unseen ?? [])
  }

  /// The names of all corpora that the run reads, each once, in order of name.
  var corpusNames: [String] {
    let calibrating = (calibration?.corpora ?? []) + (calibration?.unseen ?? [])
    return learnedCorpora.union(calibrating).sorted()
  }

  /// The names of the corpora whose training texts it reads.
  var learnedCorpora: Set<String> {
    let mixtures = [pretrain?.mixture, finetune?.mixture, ngrams?.mixture]
    let shares = mixtures.flatMap { $0?.shares ?? [] }
    // The pieces of a base are learned already.
    let pieces = bases.isEmpty ? tokenizer?.corpora ?? [] : []
    return Set(pieces + shares.map(\.name))
  }

  /// The recipe without the corpora that `isLeftOut` names.
  func without(_ isLeftOut: (String) -> Bool) -> Recipe {
    var recipe = self
    recipe.tokenizer?.corpora.removeAll(where: isLeftOut)
    recipe.pretrain?.mixture.shares.removeAll { isLeftOut($0.name) }
    recipe.finetune?.mixture.shares.removeAll { isLeftOut($0.name) }
    recipe.ngrams?.mixture.shares.removeAll { isLeftOut($0.name) }
    recipe.calibration?.corpora?.removeAll(where: isLeftOut)
    recipe.calibration?.unseen.removeAll(where: isLeftOut)
    return recipe
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
