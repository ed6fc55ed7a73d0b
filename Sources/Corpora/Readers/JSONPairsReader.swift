import Files
import Foundation

/// One JSON object whose members are lists of `[text, label]`, of which each file entry on the
/// card names its own.
///
/// Source: Larson et al., An Evaluation Dataset for Intent Classification and Out-of-Scope
/// Prediction, D19-1131.
struct JSONPairsReader: CorpusReader {
  func read(_ files: [DataFile], into sink: (SourceEntry) -> Void) throws(CorpusError) {
    let decoder = JSONDecoder()
    for file in files {
      var unseen = Set(file.card.members)
      try file.forEachJSONValue(depth: 2, members: file.card.members, into: sink) {
        bytes, key, line in
        unseen.remove(key ?? "")
        guard let pair = try? decoder.decode([String].self, from: Data(bytes)), pair.count == 2
        else { return "not a JSON list of text and label; make it one" }
        sink(.row(SourceRow(file: file, line: line, text: pair[0], label: pair[1])))
        return nil
      }
      if let name = unseen.min() {
        throw .format(
          file: file.path, line: nil, problem: "no list '\(name)' of [text, label]",
          remedy: "correct 'members' of the file on the card")
      }
    }
  }
}
