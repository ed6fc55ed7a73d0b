import Corpora
import Files
import Foundation
import Inference
import Models
import Reviews
import Testing

@testable import Training

/// What models teach another on texts without labels.
@Suite struct TeachersTests {
  /// The samples as texts alone.
  private static let card = """
    {name: plain, language: mul, files: {train: [./samples/reviews.jsonl]},
     reader: {format: json-lines}, fields: {text: text}}
    """
  private static let taught = TrainingPlace.recipe
    .replacing("name: gloss-test", with: "name: student")
    .replacing("finetune:\n", with: "finetune:\n  teachers: [teacher]\n")
    .replacing("{name: samples, passes: 4}", with: "{name: plain, passes: 2}, {name: samples}")

  /// A folder that holds a trained model, as `teacher`, and the samples without labels.
  private func withTeacher<T>(_ body: (TrainingPlace) throws -> T) throws -> T {
    try TrainingPlace.with { place in
      guard case .trained = try place.run() else { throw CocoaError(.fileNoSuchFile) }
      try FileManager.default.moveItem(
        atPath: place.model, toPath: place.folder.appendingPathComponent("teacher").path)
      try write(Self.card, to: "cards/plain.yaml", place)
      try write(Self.taught, to: "recipe.yaml", place)
      return try body(place)
    }
  }

  private func write(_ text: String, to file: String, _ place: TrainingPlace) throws {
    try Data(text.utf8).write(to: place.folder.appendingPathComponent(file))
  }

  private func teachers(_ folders: [String]) throws -> Teachers {
    try Teachers(
      folders: folders,
      of: StrictYAML.decode(Recipe.self, from: Self.taught, name: "recipe.yaml"))
  }

  @Test func aLessonIsTheMeanOfWhatTheModelsSay() throws {
    try withTeacher { place in
      let folder = place.folder.appendingPathComponent("teacher").path
      var other = try ModelFolder.load(folder)
      // Calibrated otherwise, it says something else; and it knows one intent less.
      other.configuration.calibration["sentiment"] = HeadCalibration(encoder: 3)
      other.configuration.labelLanguages["praise"] = ["zh"]
      let second = place.folder.appendingPathComponent("second").path
      other.configuration = try ModelFolder.save(other, to: second)

      let text = "The battery died after a week and nobody answers."
      let models = [try ModelFolder.load(folder), other]
      var student = models[0].configuration
      student.intents = ["praise", "complaint", "suggestion", "unheard_of"]
      // It will not answer for suggestions in English, whatever others know of them.
      student.labelLanguages["suggestion"] = ["zh"]
      let readings = models.map { TextReader($0, threads: 1).read([text])[0] }
      let lesson = try #require(
        teachers([folder, second]).lessons(for: [text], to: student, threads: 2)?.first)
      for star in 0..<5 {
        let mean = (readings[0].stars[star] + readings[1].stars[star]) / 2
        #expect(abs(lesson.stars[star] - mean) < 1e-6)
      }
      #expect(readings[0].stars != readings[1].stars)
      func said(_ intent: String) throws -> Double {
        readings[0].intents[try #require(models[0].configuration.intents.firstIndex(of: intent))]
      }
      // The first alone knows praise in English; neither knows the last.
      #expect(try abs(lesson.intents[0] - said("praise")) < 1e-6)
      #expect(try abs(lesson.intents[1] - said("complaint")) < 1e-6)
      #expect(lesson.intents[2...] == [0, 0] && lesson.knownIntents == 0b0011)
      let stopped = try teachers([folder]).lessons(
        for: [text], to: student, threads: 2, isInterrupted: { true })
      #expect(stopped == nil)
    }
  }

  @Test func onlyTextsWithoutLabelsThatAreMetAreRead() throws {
    let labelled = Fixture.texts(3, lengths: 2...5, seed: 1)
    var plain = Fixture.texts(4, lengths: 2...5, seed: 2)
      .map { TrainingText(corpus: "plain", ids: $0.ids) }
    for index in plain.indices { plain[index].plainText = "text \(index)" }
    var plan = BatchPlan([(labelled, 1), (plain, 0.5)], batchTokens: 100, seed: 3)
    let asked = plan.plainTexts
    #expect(asked.count == 2 && Set(asked).isSubset(of: plain.compactMap(\.plainText)))
    plan.teach(
      asked.indices.map {
        .init(stars: [1, 0, 0, 0, Double($0)], intents: [], knownIntents: 0)
      })
    var lessons: [String: Double] = [:]
    plan.forEachText { text in
      #expect((text.lesson != nil) == (text.corpus == "plain"))
      if let text = text.plainText { lessons[text] = -1 }
      if let lesson = text.lesson { lessons[text.plainText ?? ""] = lesson.stars[4] }
    }
    #expect(lessons == Dictionary(uniqueKeysWithValues: zip(asked, [0, 1])))
  }

  @Test func aRunTeachesAndGoesOnWithTheSameTeacherAlone() throws {
    try withTeacher { place in
      var notes: [String] = []
      _ = try place.run { notes.append($0) }
      #expect(notes.contains { $0.hasPrefix("teachers: ") })
      let whole = try place.files()
      try FileManager.default.removeItem(atPath: place.model)
      // Without the lessons the same recipe ends elsewhere.
      try write(
        Self.taught.replacing("  teachers: [teacher]\n", with: ""), to: "recipe.yaml", place)
      _ = try place.run()
      #expect(try place.files()["model.safetensors"] != whole["model.safetensors"])
      try FileManager.default.removeItem(atPath: place.model)

      try write(Self.taught, to: "recipe.yaml", place)
      _ = try place.run(stopAfter: 7)
      _ = try place.run(resuming: true)
      #expect(try place.files() == whole)
      try FileManager.default.removeItem(atPath: place.model)

      // Asked to stop while the teachers read: before them pretraining was done, six steps of it.
      var isReading = false
      let run = TrainingRun(
        recipe: try Recipe.load(place.recipePath), data: nil,
        threads: 2)
      let stopped = try run.run(to: place.model, checkpointInterval: 0) {
        isReading
      } report: { event in
        if case .note(let line) = event, line.hasPrefix("teachers: ") { isReading = true }
      }
      #expect(stopped == .interrupted(stage: "finetune", step: 0))
      _ = try place.run(resuming: true)
      #expect(try place.files() == whole)
      try FileManager.default.removeItem(atPath: place.model)

      _ = try place.run(stopAfter: 7)
      let folder = place.folder.appendingPathComponent("teacher").path
      var other = try ModelFolder.load(folder)
      other.configuration.calibration["sentiment"] = HeadCalibration(encoder: 3)
      _ = try ModelFolder.save(other, to: folder)
      let problem = try place.problem(resuming: true)
      #expect(
        problem == "model/checkpoints: a model that the run began with has changed since;"
          + " restore it, or remove that folder to train from the beginning")
    }
  }

  @Test func aDryRunReadsAFewTexts() throws {
    try withTeacher { place in
      let run = TrainingRun(
        recipe: try Recipe.load(place.recipePath), data: nil,
        threads: 2)
      let plan = try run.plan { _ in }
      #expect(plan.stages.map(\.name) == ["pretrain", "finetune"])
      #expect(plan.stages[1].seconds > 0 && plan.stages[1].seconds.isFinite)
    }
  }

  @Test func teachersWithoutAnybodyToTeachAreAnError() throws {
    try withTeacher { place in
      try write(
        Self.taught.replacing("{name: plain, passes: 2}, ", with: ""), to: "recipe.yaml", place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: teachers: every text that finetune meets has labels, so they teach"
          + " nothing; add a corpus without labels, or leave them out")
    }
  }

  @Test func withoutTeachersTextsNeedLabels() throws {
    try withTeacher { place in
      try write(
        Self.taught.replacing("  teachers: [teacher]\n", with: "")
          .replacing("passes: 2}, {name: samples}", with: "passes: 2}"), to: "recipe.yaml", place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: finetune: no text of its corpora has a label; name corpora that have, or"
          + " teachers")
    }
  }

  @Test func anEncoderAloneTeachesNothing() throws {
    try withTeacher { place in
      let folder = place.folder.appendingPathComponent("teacher").path
      try FileManager.default.removeItem(atPath: folder)
      let pretraining = try #require(
        TrainingPlace.recipe.components(separatedBy: "finetune:").first)
      try write(pretraining, to: "recipe.yaml", place)
      _ = try place.run()
      try FileManager.default.moveItem(atPath: place.model, toPath: folder)
      try write(Self.taught, to: "recipe.yaml", place)
      #expect(
        try place.problem(resuming: false)
          == "recipe.yaml: teachers: teacher is an encoder without heads; name a trained model")
      try FileManager.default.removeItem(atPath: folder)
      #expect(
        try place.problem(resuming: false).hasPrefix("recipe.yaml: teachers: teacher"))
    }
  }
}
