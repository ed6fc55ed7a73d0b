import Foundation

/// A stretch of text that an annotation gives a type.
public struct TypedSpan: Sendable, Equatable {
  /// Index into `TagScheme.types`.
  public var type: Int
  /// UTF-8 byte range of the text.
  public var range: Range<Int>

  /// A span of the type with this index.
  public init(type: Int, range: Range<Int>) {
    self.type = type
    self.range = range
  }
}

/// A stretch of pieces that tags give a type.
public struct TaggedSpan: Sendable, Equatable {
  /// Index into `TagScheme.types`.
  public var type: Int
  /// The pieces, from the first to the last that has text.
  public var pieces: Range<Int>
  /// UTF-8 byte range of the text, from the first piece's start to the last one's end.
  public var bytes: Range<Int>

  /// A span of pieces and the bytes they cover.
  public init(type: Int, pieces: Range<Int>, bytes: Range<Int>) {
    self.type = type
    self.pieces = pieces
    self.bytes = bytes
  }
}

/// Turns spans of text into one BIO tag per piece and back.
///
/// Tag 0 is O (outside); type k has B (begins) at 1 + 2k and I (inside) at 2 + 2k.
/// Source: Ramshaw and Marcus, Text Chunking using Transformation-Based Learning (1995), as IOB2.
public struct TagScheme: Sendable, Equatable {
  /// The names of the types, in tag order.
  public let types: [String]

  /// A scheme for these types.
  public init(types: [String]) {
    self.types = types
  }

  /// The tag of a piece outside every span.
  public static let outside = 0

  /// Number of tags: two per type and one for outside.
  public var tagCount: Int { 1 + 2 * types.count }

  /// The tag of the first piece of a span.
  public func beginTag(_ type: Int) -> Int { 1 + 2 * type }

  /// The tag of any further piece of a span.
  public func insideTag(_ type: Int) -> Int { 2 + 2 * type }

  /// The type of a tag; nil for outside.
  public func type(ofTag tag: Int) -> Int? { tag == Self.outside ? nil : (tag - 1) / 2 }

  /// The tag of each piece, and how many spans the pieces do not fit.
  ///
  /// A span gets the pieces whose range intersects it. It is unfitted, yet tagged as far as pieces
  /// reach, when it begins or ends inside a piece, when no piece intersects it, and when a span that
  /// begins earlier has one of its pieces. Pieces with an empty range get I between two pieces of
  /// a span and O elsewhere, so of a character spelled in bytes at a span's start only the last
  /// byte is tagged. `ranges` ascend, as in `EncodedText`. O(pieces + spans log spans)
  /// where spans do not overlap.
  public func tags(
    for spans: [TypedSpan], on ranges: [Range<Int>]
  ) -> (tags: [Int], unfitted: Int) {
    var tags = [Int](repeating: Self.outside, count: ranges.count)
    var unfitted = 0
    var next = 0
    for span in spans.sorted(by: Self.comesBefore) {
      precondition(types.indices.contains(span.type), "type \(span.type) of \(types.count)")
      // Pieces that end before this span begins lie before all later spans too.
      while next < ranges.count && ranges[next].upperBound <= span.range.lowerBound { next += 1 }
      var first: Int?
      var last = next
      var fits = true
      var piece = next
      while piece < ranges.count && ranges[piece].lowerBound < span.range.upperBound {
        let range = ranges[piece]
        defer { piece += 1 }
        guard range.overlaps(span.range) else { continue }
        if tags[piece] != Self.outside {
          fits = false
          continue
        }
        if range.lowerBound < span.range.lowerBound || range.upperBound > span.range.upperBound {
          fits = false
        }
        tags[piece] = first == nil ? beginTag(span.type) : insideTag(span.type)
        if first != nil {
          for empty in last + 1..<piece { tags[empty] = insideTag(span.type) }
        }
        first = first ?? piece
        last = piece
      }
      if first == nil || !fits { unfitted += 1 }
    }
    return (tags, unfitted)
  }

  /// The spans that tags spell, in text order.
  ///
  /// I after anything but B or I of its own type begins a span. The tags of pieces with an empty
  /// range are not read: they neither begin nor end a span.
  public func spans(from tags: [Int], on ranges: [Range<Int>]) -> [TaggedSpan] {
    precondition(tags.count == ranges.count, "\(tags.count) tags on \(ranges.count) pieces")
    var spans: [TaggedSpan] = []
    var open: Int?
    for (piece, tag) in tags.enumerated() where !ranges[piece].isEmpty {
      precondition((0..<tagCount).contains(tag), "tag \(tag) of \(tagCount)")
      let type = type(ofTag: tag)
      if let type, tag == insideTag(type), open == type {
        let last = spans.count - 1
        spans[last].pieces = spans[last].pieces.lowerBound..<piece + 1
        spans[last].bytes = spans[last].bytes.lowerBound..<ranges[piece].upperBound
      } else if let type {
        spans.append(TaggedSpan(type: type, pieces: piece..<piece + 1, bytes: ranges[piece]))
      }
      open = type
    }
    return spans
  }

  /// The likeliest tags of a run of words, of those in which every I goes on with a span of its
  /// own type: `probabilities` has one row a word and one value a tag.
  ///
  /// Source: Viterbi, Error Bounds for Convolutional Codes, 1967. O(words x tags).
  public func likeliestTags(_ probabilities: [[Double]]) -> [Int] {
    // The log-probability of the best tags up to a word that end with each tag.
    var scores = [Double](repeating: -.infinity, count: tagCount)
    scores[Self.outside] = 0
    var sources: [[Int]] = []
    for row in probabilities {
      let best = Self.first(ofHighest: scores)
      let source = (0..<tagCount).map { tag in
        guard let type = type(ofTag: tag), tag == insideTag(type) else { return best }
        return scores[beginTag(type)] >= scores[tag] ? beginTag(type) : tag
      }
      scores = source.indices.map { scores[source[$0]] + log(max(row[$0], .leastNormalMagnitude)) }
      sources.append(source)
    }
    var tag = Self.first(ofHighest: scores)
    var tags: [Int] = []
    for source in sources.reversed() {
      tags.append(tag)
      tag = source[tag]
    }
    return tags.reversed()
  }

  private static func first(ofHighest scores: [Double]) -> Int {
    scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }

  /// Earlier first; of two that begin together the longer first.
  private static func comesBefore(_ left: TypedSpan, _ right: TypedSpan) -> Bool {
    left.range.lowerBound != right.range.lowerBound
      ? left.range.lowerBound < right.range.lowerBound
      : left.range.upperBound > right.range.upperBound
  }
}
