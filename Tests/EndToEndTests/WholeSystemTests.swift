import Foundation
import TestSupport
import Testing

/// Train, evaluate, classify, annotate, ask: each through the program, on the project's samples.
@Suite struct WholeSystemTests {
  private static let samples = "corpora/samples/reviews.jsonl"

  @Test func aSmokeModelIsTrainedEvaluatedAndUsed() throws {
    try withTemporaryFolder { folder in
      let model = folder.appendingPathComponent("smoke").path
      let start = Date()
      let training = try Program.run("train", "training/smoke.yaml", "--out", model)
      #expect(training.status == 0, "\(training.messages)")
      #expect(Date().timeIntervalSince(start) < 30)
      #expect(training.messages.contains("pretrain"))
      #expect(training.messages.contains("finetune"))
      let files = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
      #expect(
        files == [
          "config.json", "model.safetensors", "recipe.yaml", "tokenizer.model", "tokenizer.vocab",
        ])
      let evaluation = try Program.run(
        "evaluate", "--model", model, "samples", "--split", "train", "--json")
      #expect(evaluation.status == 0)
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
      #expect((report["model"] as? String)?.hasPrefix("gloss-smoke/") == true)
      let classified = try Program.run("classify", Self.samples, "--model", model)
      #expect(classified.status == 0 && classified.lines.count == 130)
    }
  }

  @Test func anEvaluationIsWrittenAsAReport() throws {
    try withTemporaryFolder { folder in
      let report = folder.appendingPathComponent("new/report").path
      let arguments = ["evaluate", "samples", "--split", "test"]
      let table = try Program.run(arguments + ["--report", report])
      #expect(table.status == 0, "\(table.messages)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: report).count == 3)
      func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(report)/\(name)", encoding: .utf8)
      }
      // The table and the object are the same with and without it.
      #expect(try Program.run(arguments).output == table.output)
      let json = try Program.run(arguments + ["--json"]).output
      #expect(try read("metrics.json") == json)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let corpus = try #require((object["corpora"] as? [[String: Any]])?.first)
      #expect(corpus["domain"] as? String == "mixed")
      let heads = try #require(corpus["heads"] as? [[String: Any]])
      let page = try read("index.html")
      for head in heads {
        let scores = try #require(head["scores"] as? [String: Any])
        let micro = try #require(scores["micro"] as? [String: Any])
        #expect(scores["intervals"] != nil)
        let figure = String(format: "%.3f", try #require(micro["f1"] as? Double))
        #expect(page.contains("<td class=\"figure\">\(figure) <small>"))
        #expect(table.output.contains(figure))
      }
      let mistakes = try read("mistakes.jsonl").split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      #expect(!mistakes.isEmpty && mistakes.allSatisfy { $0?["corpus"] as? String == "samples" })
    }
  }

  @Test func annotatingTwiceChangesNothing() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("profiles.sqlite").path
      let first = try Program.run("annotate", Self.samples, "--store", store)
      #expect(first.status == 0)
      #expect(first.messages.contains("130 added, 0 replaced, 0 unchanged"))
      let shown = try Program.run("profile", "show", "marla_k", "--store", store)
      #expect(shown.status == 0 && shown.output.hasPrefix("marla_k\n"))
      let second = try Program.run("annotate", Self.samples, "--store", store)
      #expect(second.messages.contains("0 added, 0 replaced, 130 unchanged"))
      let again = try Program.run("profile", "show", "marla_k", "--store", store)
      #expect(again.output == shown.output)
      let list = try Program.run("profile", "list", "--store", store, "--json")
      #expect(list.lines.count == 14)
      let unknown = try Program.run("profile", "show", "nobody", "--store", store)
      #expect(unknown.status == 1 && unknown.messages.contains("nothing of user 'nobody'"))
    }
  }

  @Test func aReviewWithoutWriterIsRejectedByAnnotate() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("profiles.sqlite").path
      let result = try Program.run("annotate", "-", "--store", store, input: "Nice.\n")
      #expect(result.status == 1)
      #expect(
        result.messages.contains(
          "<stdin>:1: no user in field 'user'; name the field with --user-field"))
    }
  }

  @Test func reviewsWithoutIDsAreKnownByTheirContent() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("profiles.sqlite").path
      let may = "user,text\nana,The soup was lovely.\nbo,Too salty.\n"
      let june = "user,text\nana,Cold soup this time.\n"
      func annotate(_ input: String) throws -> String {
        try Program.run(
          "annotate", "-", "--format", "csv", "--store", store, input: input
        ).messages
      }
      let first = try annotate(may)
      #expect(first.contains("2 added, 0 replaced, 0 unchanged"))
      let second = try annotate(june)
      #expect(second.contains("1 added, 0 replaced, 0 unchanged"))
      let again = try annotate(may)
      #expect(again.contains("0 added, 0 replaced, 2 unchanged"))
    }
  }
}
