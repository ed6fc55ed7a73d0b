import Files
import Foundation
import Reviews
import Testing

@testable import Models

@Suite struct ModelConfigurationTests {
  /// A valid `config.json`, one key a line.
  private static let lines = [
    "{",
    "  \"format_version\": 1,",
    "  \"name\": \"gloss-test\",",
    "  \"vocabulary_size\": 320,",
    "  \"shape\": {",
    "    \"hidden_size\": 8,",
    "    \"layer_count\": 2,",
    "    \"attention_head_count\": 2,",
    "    \"feed_forward_size\": 12,",
    "    \"window_size\": 16,",
    "    \"window_overlap\": 4",
    "  },",
    "  \"opinion_types\": [\"ASPECT\", \"OPINION\"],",
    "  \"name_types\": [\"PER\"],",
    "  \"intents\": [\"praise\", \"question\"],",
    "  \"intent_thresholds\": [0.5, 0.25],",
    "  \"entity_threshold\": 0.75,",
    "  \"label_languages\": {\"praise\": [\"en\", \"zh\"], \"PER\": [\"zh\"]},",
    "  \"weights_checksum\": \"00000001\",",
    "  \"tokenizer_checksum\": \"12e45678\"",
    "}",
  ]

  private func decode(_ text: String) throws -> ModelConfiguration {
    try StrictYAML.decode(ModelConfiguration.self, from: text, name: "config.json")
  }

  /// What is said about the valid text with `old` replaced by `new`.
  private func complaint(_ old: String, _ new: String) -> String? {
    let text = Self.lines.joined(separator: "\n")
    #expect(text.contains(old))
    return message { _ = try decode(text.replacingOccurrences(of: old, with: new)) }
  }

  @Test func readsEveryField() throws {
    let configuration = try decode(Self.lines.joined(separator: "\n"))
    var expected = ModelConfiguration(
      name: "gloss-test", vocabularySize: 320, shape: Fixture.shape)
    expected.formatVersion = 1
    expected.nameTypes = ["PER"]
    expected.intents = ["praise", "question"]
    expected.intentThresholds = [0.5, 0.25]
    expected.entityThreshold = 0.75
    expected.labelLanguages = ["praise": ["en", "zh"], "PER": ["zh"]]
    expected.weightsChecksum = "00000001"
    expected.tokenizerChecksum = "12e45678"
    #expect(configuration == expected)
    #expect(configuration.identifier == "gloss-test/00000001")
    #expect(configuration.types(of: .opinion) == ["ASPECT", "OPINION"])
    #expect(configuration.types(of: .name) == ["PER"])
  }

  @Test func labelsAreKnownInTheLanguagesOfTheirTraining() throws {
    let configuration = try decode(Self.lines.joined(separator: "\n"))
    #expect(configuration.knows("praise", in: "en") && configuration.knows("PER", in: "zh"))
    #expect(!configuration.knows("PER", in: "en") && !configuration.knows("question", in: "en"))
  }

  @Test func newConfigurationsUseGlossOwnLabels() {
    let configuration = Fixture.configuration()
    #expect(configuration.formatVersion == 4)
    #expect(configuration.intents.count == 13)
    #expect(configuration.intentThresholds == Array(repeating: 0.5, count: 13))
    #expect(configuration.opinionTypes == ["ASPECT", "OPINION"])
    #expect(configuration.nameTypes.count == 6)
    #expect(configuration.labelLanguages.count == 21)
    #expect(configuration.knows("ASPECT", in: "en") && configuration.knows("ASPECT", in: "zh"))
  }

  @Test func unknownKeysAreNamedWithASuggestion() {
    #expect(
      complaint("\"vocabulary_size\"", "\"vocabulary_sise\"")
        == "config.json:4: unknown key 'vocabulary_sise'; did you mean 'vocabulary_size'?")
    #expect(
      complaint("\"hidden_size\"", "\"hiden_size\"")
        == "config.json:6: shape: unknown key 'hiden_size'; did you mean 'hidden_size'?")
    #expect(
      complaint("\"window_overlap\"", "\"x\"")
        == "config.json:11: shape: unknown key 'x'; the known keys are hidden_size, layer_count,"
        + " attention_head_count, feed_forward_size, window_size, window_overlap")
  }

  @Test func impossibleHeadCountsAreRefused() {
    #expect(
      complaint("_head_count\": 2", "_head_count\": 3")
        == "config.json:5: shape: hidden_size 8 does not divide into 3 attention heads of an even"
        + " size; choose a multiple of 6")
    // Heads of one column cannot be rotated.
    #expect(
      complaint("_head_count\": 2", "_head_count\": 8")
        == "config.json:5: shape: hidden_size 8 does not divide into 8 attention heads of an even"
        + " size; choose a multiple of 16")
    #expect(
      complaint("hidden_size\": 8", "hidden_size\": 2048")
        == "config.json:5: shape: hidden_size 2048 in 2 attention heads gives each 1024 columns;"
        + " choose heads of at most 512")
  }

  @Test(arguments: [
    ("hidden_size", 8, 0, 8_192), ("layer_count", 2, -1, 128),
    ("attention_head_count", 2, 0, 8_192), ("feed_forward_size", 12, 0, 8_192),
    ("window_size", 16, 65_537, 8_192),
  ])
  func sizesOutOfRangeAreRefused(key: String, old: Int, new: Int, limit: Int) {
    #expect(
      complaint("\"\(key)\": \(old)", "\"\(key)\": \(new)")
        == "config.json:5: shape: \(key) is \(new); it has to be 1 to \(limit)")
  }

  @Test(arguments: [-1, 9]) func overlapsBeyondHalfAWindowAreRefused(overlap: Int) {
    #expect(
      complaint("_overlap\": 4", "_overlap\": \(overlap)")
        == "config.json:5: shape: window_overlap is \(overlap);"
        + " it has to be 0 to half of window_size")
  }

  @Test func newerFormatsAreRefusedBeforeTheirKeysAreRead() {
    let expected =
      "config.json:1: format_version is 5, this program reads up to 4;"
      + " use a newer gloss or train the model anew"
    #expect(complaint("version\": 1", "version\": 5") == expected)
    #expect(message { _ = try decode("{\"format_version\": 5, \"spirit\": 1}") } == expected)
  }

  @Test func outsideWeightsAreOfLayersAndAboveZero() throws {
    let line = "\"entity_threshold\": 0.75,"
    #expect(
      complaint(line, line + "\"outside_weights\": {\"name\": 0},")
        == "config.json:1: outside_weights: name is 0.0; it has to be above 0")
    #expect(
      complaint(line, line + "\"outside_weights\": {\"names\": 0.5},")
        == "config.json:1: outside_weights has 'names', which is no layer of entities;"
        + " correct the value")
    let text = Self.lines.joined(separator: "\n")
      .replacing(line, with: line + "\"outside_weights\": {\"name\": 0.5},")
    #expect(try decode(text).outsideWeights == ["name": 0.5])
  }

  @Test func keysThatNothingReadsAreRefused() {
    #expect(
      complaint("\"PER\": [\"zh\"]", "\"PRE\": [\"zh\"]")
        == "config.json:1: label_languages has 'PRE', which is no label of the model;"
        + " correct the value")
    let line = "\"entity_threshold\": 0.75,"
    func calibration(of head: String, encoder: String = "1") -> String? {
      complaint(
        line,
        line + "\"calibration\": {\"\(head)\": {\"encoder\": \(encoder), \"ngrams\": 0}},")
    }
    for weight in ["-1", "101", "1e308"] {
      #expect(
        calibration(of: "praise", encoder: weight)?.contains("a weight is not 0 to 100") == true)
    }
    #expect(
      calibration(of: "prais")
        == "config.json:1: calibration has 'prais', which is neither a head nor an intent;"
        + " correct the value")
    for head in ["praise", "sentiment", "intents", "entities"] {
      #expect(calibration(of: head) == nil)
    }
  }

  @Test func everyIntentNeedsAThreshold() {
    #expect(
      complaint("[0.5, 0.25]", "[0.5]")
        == "config.json:1: 2 intents but 1 thresholds; correct the value")
  }

  @Test func labelsBeyondWhatFitsAreRefused() {
    let many = (0..<16).map { "\"T\($0)\"" }.joined(separator: ", ")
    #expect(
      complaint("[\"PER\"]", "[\(many)]")
        == "config.json:1: at most 15 types a layer and 32 intents are possible; correct the value")
  }

  @Test(arguments: [0, -1, 1 << 24 + 1]) func vocabulariesOutOfRangeAreRefused(size: Int) {
    #expect(
      complaint("_size\": 320", "_size\": \(size)")
        == "config.json:1: vocabulary_size is \(size); it has to be 1 to 16777216")
  }

  @Test func missingKeysAndWrongTypesAreNamed() {
    #expect(
      complaint("    \"layer_count\": 2,\n", "")
        == "config.json:5: shape: the key 'layer_count' is missing; add it")
    #expect(
      complaint("\"layer_count\": 2", "\"layer_count\": \"two\"")
        == "config.json:7: shape.layer_count: expected Int, found \"two\"; correct the value")
  }
}
