import Foundation
import Testing

@testable import Files

@Suite struct StrictYAMLTests {
  /// Shaped as a training recipe is: nested mappings, lists of mappings, optional values.
  struct Recipe: Decodable, Equatable {
    var name: String
    var finetune: Finetune
    var notes: [String: [Int]]?

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      finetune = try values.decode(Finetune.self, forKey: .finetune)
      notes = try values.decodeIfPresent([String: [Int]].self, forKey: .notes)
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case name, finetune, notes }
  }

  struct Finetune: Decodable, Equatable {
    var learningRate: Double
    var corpora: [Part]

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      learningRate = try values.decode(Double.self, forKey: .learningRate)
      corpora = try values.decode([Part].self, forKey: .corpora)
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case learningRate = "learning_rate"
      case corpora
    }
  }

  struct Part: Decodable, Equatable {
    enum Kind: String, Decodable { case reviews, questions }

    var name: String
    var passes: Int
    var kind: Kind?
  }

  static let sound = """
    name: small
    finetune:
      learning_rate: 1e-3
      corpora:
        - {name: "no", passes: 1}
        - name: second
          passes: 2
          kind: reviews
    notes: {1: [1, 2], no: [3]}

    """

  static func decode(_ text: String) throws -> Recipe {
    try StrictYAML.decode(Recipe.self, from: text, name: "recipe.yaml")
  }

  @Test func soundTextIsDecoded() throws {
    let recipe = try Self.decode(Self.sound)
    #expect(recipe.name == "small")
    #expect(recipe.finetune.learningRate == 0.001)
    #expect(recipe.finetune.corpora.map(\.name) == ["no", "second"])
    #expect(recipe.finetune.corpora.map(\.kind) == [nil, .reviews])
    #expect(recipe.notes == ["1": [1, 2], "no": [3]])
  }

  @Test func jsonIsYAML() throws {
    let json = """
      {"name": "small", "finetune": {"learning_rate": 0.001, "corpora": [
        {"name": "no", "passes": 1}, {"name": "second", "passes": 2, "kind": "reviews"}]},
        "notes": {"1": [1, 2], "no": [3]}}
      """
    try #expect(Self.decode(json) == Self.decode(Self.sound))
  }

  @Test func byteOrderMarkAndCarriageReturnsAreFine() throws {
    let text = "\u{FEFF}" + Self.sound.replacingOccurrences(of: "\n", with: "\r\n")
    try #expect(Self.decode(text) == Self.decode(Self.sound))
  }

  @Test func aliasesAndMergedKeysAreFollowed() throws {
    let text = """
      name: small
      finetune:
        learning_rate: 0.5
        corpora:
          - &first {name: a, passes: 3}
          - {<<: *first, name: b}
          - *first
      """
    let recipe = try Self.decode(text)
    #expect(recipe.finetune.corpora.map(\.name) == ["a", "b", "a"])
    #expect(recipe.finetune.corpora.map(\.passes) == [3, 3, 3])
  }

  @Test(arguments: [
    (
      "learning_rate:", "learning_rat:",
      "3: finetune: unknown key 'learning_rat'; did you mean 'learning_rate'?"
    ),
    (
      "notes:", "entirely_other:",
      "9: unknown key 'entirely_other'; the known keys are name, finetune, notes"
    ),
    ("notes:", "q:", "9: unknown key 'q'; the known keys are name, finetune, notes"),
    (
      "passes: 2", "passes: three",
      "7: finetune.corpora[1].passes: expected Int, found \"three\"; correct the value"
    ),
    (
      "passes: 2", "passes: 1.5",
      "7: finetune.corpora[1].passes: expected Int, found \"1.5\"; correct the value"
    ),
    (
      "passes: 2", "passes:",
      "7: finetune.corpora[1].passes: expected Int, found nothing; correct the value"
    ),
    (
      "passes: 2", "passes: [2]",
      "7: finetune.corpora[1].passes: expected one value, found a list; correct the value"
    ),
    (
      "1e-3", "{a: 1}",
      "3: finetune.learning_rate: expected one value, found keys with values; correct the value"
    ),
    (
      "{1: [1, 2], no: [3]}", "[4]",
      "9: notes: expected keys with values, found a list; correct the value"
    ),
    (
      "[3]", "4", "9: notes.no: expected a list, found \"4\"; correct the value"
    ),
    (
      "[1, 2]", "[1, x]", "9: notes[1][1]: expected Int, found \"x\"; correct the value"
    ),
    ("name: second", "title: x", "6: finetune.corpora[1]: the key 'name' is missing; add it"),
    ("  learning_rate: 1e-3\n", "", "3: finetune: the key 'learning_rate' is missing; add it"),
    ("name: small\n", "", "1: the key 'name' is missing; add it"),
    ("name: small", "name: small\nname: big", "1: the key 'name' occurs twice; keep one of them"),
    (
      "kind: reviews", "kind: novels",
      "8: finetune.corpora[1].kind: Cannot initialize Kind from invalid String value novels;"
        + " correct the value"
    ),
    (
      "passes: 1}", "passes: 1",
      "6: not YAML: did not find expected ',' or '}'; correct the line"
    ),
    (
      "  learning_rate", "\tlearning_rate",
      "3: not YAML: found character that cannot start any token; correct the line"
    ),
    (
      "name: small", "name: \"small",
      "5: not YAML: did not find expected key; correct the line"
    ),
    (
      "name: small", "name: a\u{1}b",
      "1: not YAML: control characters are not allowed; correct the line"
    ),
    (
      "notes: {1: [1, 2], no: [3]}", "---\nname: other",
      "9: not one YAML document: but found another document; correct the line"
    ),
    (
      "  corpora:", "  corpora: *all",
      "4: not one YAML document: found undefined alias; correct the line"
    ),
  ])
  func faultIsOneLineWithItsPlace(right: String, wrong: String, expected: String) throws {
    let text = Self.sound.replacingOccurrences(of: right, with: wrong)
    try #require(text != Self.sound)
    let error = #expect(throws: FileError.self) { try Self.decode(text) }
    #expect(error?.description == "recipe.yaml:\(expected)")
  }

  @Test(arguments: ["", "\n\n", "# nothing\n", "just text", "[1, 2]", "~"])
  func textThatIsNoMappingIsAnErrorOfOneLine(text: String) {
    let error = #expect(throws: FileError.self) { try Self.decode(text) }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("recipe.yaml"))
    #expect(
      message.contains("expected keys with values, found ") || message.contains("holds no value"))
    #expect(!message.contains("\n"))
  }

  @Test func longValuesAreCutInMessages() throws {
    let long = String(repeating: "x", count: 100_000)
    let error = #expect(throws: FileError.self) {
      try Self.decode(Self.sound.replacingOccurrences(of: "passes: 2", with: "passes: \(long)"))
    }
    #expect((error?.description.count ?? 0) < 150)
  }

  @Test func deepNestingIsAnErrorNotACrash() {
    for text in [String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000)] {
      let error = #expect(throws: FileError.self) { try Self.decode(text) }
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test func filesAreNamedInMessages() throws {
    let error = #expect(throws: FileError.self) {
      try StrictYAML.decode(Recipe.self, fromFile: "no/such.yaml")
    }
    #expect(error?.description == "no/such.yaml: no such file; check the path")
    try withFile(Self.sound.utf8, name: "r.yaml") { path in
      try #expect(
        StrictYAML.decode(Recipe.self, fromFile: path) == Self.decode(Self.sound))
    }
    try withFile([0x61, 0xFF], name: "r.yaml") { path in
      let error = #expect(throws: FileError.self) {
        try StrictYAML.decode(Recipe.self, fromFile: path)
      }
      #expect(
        error?.description == "\(path): not valid UTF-8; convert the file to UTF-8")
    }
  }

  @Test func strictContainersWorkInOtherDecodersToo() throws {
    let json = Data(#"{"name": "small", "finetun": {}}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Recipe.self, from: json)
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(context.debugDescription == "unknown key 'finetun'; did you mean 'finetune'?")
  }
}
