import Files
import Foundation
import Inference
import Models
import Reviews

/// Models whose mean another model learns, on texts that nobody labelled: knowledge distillation.
///
/// Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015, section 2.
struct Teachers {
  private let models: [LoadedModel]

  /// The models in `folders`, which `recipe` names.
  ///
  /// - Throws: `TrainingError` when one cannot be read or has no heads.
  init(folders: [String], of recipe: Recipe) throws(TrainingError) {
    var models: [LoadedModel] = []
    for folder in folders {
      do {
        models.append(try ModelFolder.load(folder))
      } catch {
        throw .model("\(recipe.path): teachers: \(error)")
      }
      guard models.last?.configuration.isBase == false else {
        throw .model(
          "\(recipe.path): teachers: \(folder) is an encoder without heads; name a trained model")
      }
    }
    self.models = models
  }

  /// CRC-32 of the weights of all.
  var checksum: String {
    let checksums = models.map(\.configuration.weightsChecksum)
    return Checksum.crc32(of: Data(checksums.joined(separator: " ").utf8))
  }

  /// What the models say of each text, in their order: the mean of their probabilities.
  ///
  /// - Returns: nil where `isInterrupted` says so before the last text is read.
  func lessons(
    for texts: [String], to student: ModelConfiguration, threads: Int,
    isInterrupted: () -> Bool = { false }
  ) -> [TrainingText.Lesson]? {
    let readers = models.map { TextReader($0, threads: threads, heads: [.sentiment, .intents]) }
    var lessons: [TrainingText.Lesson] = []
    while lessons.count < texts.count {
      if isInterrupted() { return nil }
      let chunk = Array(texts[lessons.count...].prefix(Self.chunkSize))
      let readings = readers.map { $0.read(chunk) }
      lessons += chunk.indices.map { text in lesson(readings.map { $0[text] }, to: student) }
    }
    return lessons
  }

  /// Texts that are read at once: readings hold more than lessons do.
  private static let chunkSize = 1_024

  /// The mean of what each model says of one text: of an intent, that of those that know it in the
  /// text's language, where the student will answer for it there.
  private func lesson(
    _ readings: [Reading], to student: ModelConfiguration
  ) -> TrainingText.Lesson {
    let count = Double(readings.count)
    var lesson = TrainingText.Lesson(
      stars: (0..<5).map { star in readings.reduce(0) { $0 + $1.stars[star] } / count },
      intents: [], knownIntents: 0)
    for (bit, intent) in student.intents.enumerated() {
      let probabilities = zip(models, readings).compactMap { model, reading -> Double? in
        guard [model.configuration, student].allSatisfy({ $0.knows(intent, in: reading.language) })
        else { return nil }
        return model.configuration.intents.firstIndex(of: intent).map { reading.intents[$0] }
      }
      if !probabilities.isEmpty { lesson.knownIntents |= 1 << bit }
      lesson.intents.append(
        probabilities.reduce(0, +) / Double(max(1, probabilities.count)))
    }
    return lesson
  }
}
