public import Foundation

/// Turns text into piece ids and back, with a trained SentencePiece model. Safe to share.
public struct Tokenizer: Sendable {
  /// The control symbol that hides a piece in pretraining.
  public static let maskPiece = "<mask>"

  /// The serialized model, as loaded: what to save as `tokenizer.model`.
  public let modelData: Data
  /// Number of pieces; ids are `0..<vocabularySize`.
  public let vocabularySize: Int
  /// The id of what no piece covers; a model with byte fallback never yields it.
  public let unknownID: Int32
  /// The id of `<mask>`, which no text encodes to; nil when the model has none.
  public let maskID: Int32?

  private let model: SentencePiece

  /// Loads a serialized model; throws `notAModel` with `name` when the bytes are none.
  public init(modelData: Data, name: String) throws(TokenizationError) {
    model = try SentencePiece(model: modelData, name: name)
    self.modelData = modelData
    vocabularySize = model.vocabularySize
    unknownID = model.unknownID
    maskID = model.controlID(Self.maskPiece)
  }

  /// Loads a model file; throws `unreadable` or `notAModel`.
  public init(path: String) throws(TokenizationError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .unreadable(name: path, reason: exists ? "cannot be read" : "no such file")
    }
    try self.init(modelData: data, name: path)
  }

  /// The pieces of a text, which is taken as text throughout: "<mask>" is six characters, and "▁",
  /// SentencePiece's mark for white space, is white space.
  ///
  /// Takes time proportional to the length of the text and memory proportional to its pieces.
  /// Text beyond 8 KiB is encoded in parts, cut before white space, which changes nothing, or,
  /// in 4 KiB without any, after a sentence mark or between two characters.
  public func encode(_ text: String) -> EncodedText {
    encode(text, partSize: 8192)
  }

  func encode(_ text: String, partSize: Int) -> EncodedText {
    var text = text
    text.makeContiguousUTF8()
    let bytes = text.utf8.span
    var result = EncodedText(ids: [], ranges: [], byteCount: bytes.count)
    var start = 0
    while start < bytes.count {
      let end = TextCut.end(in: bytes, from: start, limit: partSize)
      let continues = start > 0 && !TextCut.isSpace(bytes[start])
      model.encode(bytes.extracting(start..<end), continues: continues) { id, range in
        result.ids.append(id)
        result.ranges.append(
          bytes.trimmed(start + range.lowerBound..<start + range.upperBound))
      }
      start = end
    }
    return result
  }

  /// The normalised text of the ids, each of which must be in `0..<vocabularySize`.
  ///
  /// Control symbols give no text; bytes that form no character give U+FFFD.
  public func decode(_ ids: [Int32]) -> String {
    model.decode(ids)
  }

  /// How the model writes a piece, with "▁" for white space. `id` is in `0..<vocabularySize`.
  public func piece(_ id: Int32) -> String {
    model.piece(id)
  }

  /// The vocabulary for people: one line per piece, with a tab and its log probability.
  public var vocabulary: String {
    (0..<Int32(vocabularySize)).map { "\(model.piece($0))\t\(model.score($0))\n" }.joined()
  }
}
