import CSentencePiece
import Foundation

/// A loaded SentencePiece model and the trainer: the only file that calls the C functions.
///
/// `@unchecked Sendable` holds because encoding and decoding are const in SentencePiece; the one
/// part made later, for continued text, is made under `std::call_once`. `@safe` holds because the
/// handle is made in `init`, freed in `deinit` and never handed out.
@safe final class SentencePiece: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Throws `notAModel` when the library refuses the bytes; `name` is what the message names.
  init(model: Data, name: String) throws(TokenizationError) {
    var message = unsafe csp_bytes()
    // The pointer is valid for the count bytes of `model` during the call; the library copies.
    let loaded = unsafe model.withUnsafeBytes { bytes in
      var loaded: OpaquePointer?
      unsafe csp_load(bytes.baseAddress, bytes.count, &loaded, &message)
      return unsafe loaded
    }
    guard let loaded = unsafe loaded else {
      // It may quote a piece, which may hold anything.
      let reason = unsafe string(taking: message).unicodeScalars
        .map { $0.properties.generalCategory == .control ? " " : Character($0) }
      throw .notAModel(name: name, reason: reason.isEmpty ? "broken data" : String(reason))
    }
    unsafe handle = loaded
  }

  // Nothing else frees the handle.
  deinit { unsafe csp_free(handle) }

  // Alive as long as self, as in every call below.
  var vocabularySize: Int { Int(unsafe csp_vocabulary_size(handle)) }
  var unknownID: Int32 { unsafe csp_unknown_id(handle) }

  func controlID(_ name: String) -> Int32? {
    // The C string lives for the call.
    let id = unsafe csp_control_id(handle, name)
    return id < 0 ? nil : id
  }

  func piece(_ id: Int32) -> String {
    precondition(id >= 0 && id < vocabularySize, "piece \(id) of \(vocabularySize)")
    var count = 0
    // The library's own string, which lives as long as the model, is copied at once.
    let text = unsafe csp_piece_text(handle, id, &count)
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
  }

  func score(_ id: Int32) -> Float {
    precondition(id >= 0 && id < vocabularySize, "piece \(id) of \(vocabularySize)")
    // The id is in range.
    return unsafe csp_piece_score(handle, id)
  }

  /// Calls `body` with each piece of `text`: its id and its bytes in `text`, white space included.
  func encode(
    _ text: borrowing Span<UInt8>, continues: Bool, _ body: (Int32, Range<Int>) -> Void
  ) {
    var pieces = unsafe csp_pieces()
    // The pointer is valid for the count bytes of `text` during the call.
    let status = unsafe text.withUnsafeBytes { bytes in
      unsafe csp_encode(handle, bytes.baseAddress, bytes.count, continues, &pieces)
    }
    precondition(status == csp_ok, "SentencePiece cannot encode \(text.count) bytes")
    // `count` pieces, which live until this thread encodes again; they are kept nowhere.
    for index in 0..<(unsafe pieces.count) {
      let piece = unsafe pieces.data[index]
      body(piece.id, Int(piece.begin)..<Int(piece.end))
    }
  }

  func decode(_ ids: [Int32]) -> String {
    let size = vocabularySize
    precondition(ids.allSatisfy { $0 >= 0 && $0 < size }, "an id is not in 0..<\(size)")
    var text = unsafe csp_bytes()
    // The array is valid during the call.
    unsafe csp_decode(handle, ids, ids.count, &text)
    return unsafe string(taking: text)
  }

  /// Trains on sentence after sentence; throws the library's message as `trainingFailed`.
  /// Each of `wholePieces` is a piece that no other piece contains.
  static func train(
    _ sentences: [[UInt8]], wholePieces: [String], settings: TokenizerTrainer.Settings
  ) throws(TokenizationError) -> Data {
    var ends: [Int] = []
    var bytes: [UInt8] = []
    for sentence in sentences {
      bytes.append(contentsOf: sentence)
      ends.append(bytes.count)
    }
    var model = unsafe csp_bytes()
    var message = unsafe csp_bytes()
    // Arrays and C strings live for the call; the library copies what it keeps.
    let status = unsafe Tokenizer.maskPiece.withCString { mask in
      unsafe wholePieces.joined(separator: ",").withCString { wholePieces in
        var training = unsafe csp_training(
          vocabulary_size: Int32(settings.vocabularySize),
          character_coverage: settings.characterCoverage,
          thread_count: Int32(settings.threadCount),
          control_symbol: mask,
          whole_pieces: wholePieces)
        return unsafe csp_train(&training, bytes, ends, ends.count, &model, &message)
      }
    }
    guard status == csp_ok else {
      throw .trainingFailed(reason: unsafe string(taking: message))
    }
    // The buffer is `count` bytes long and freed after the copy.
    defer { unsafe csp_bytes_free(model) }
    return unsafe Data(bytes: model.data, count: model.count)
  }
}

/// Copies the library's bytes into a string and frees them.
private func string(taking bytes: csp_bytes) -> String {
  // `data` is null with a count of 0, or as long as `count` says.
  defer { unsafe csp_bytes_free(bytes) }
  return unsafe String(
    decoding: UnsafeRawBufferPointer(start: bytes.data, count: bytes.count), as: UTF8.self)
}
