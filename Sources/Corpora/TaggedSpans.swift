import Files

/// How the tags of tokens spell spans.
enum TagLetters: String, CardWord {
  /// B begins a span, I continues it.
  case bio
  /// E ends a span of several tokens, S is one of a single token.
  case bioes
  /// As `bioes`, with M for I.
  case bmes

  fileprivate var letters: String {
    switch self {
    case .bio: "BI"
    case .bioes: "BIES"
    case .bmes: "BMES"
    }
  }

  /// What messages call a tag.
  var title: String { rawValue.uppercased() }
  /// What messages say to write.
  var example: String { letters.map { "\($0)-TYPE" }.joined(separator: ", ") + " or O" }
}

/// Spans from one tag per token.
///
/// Tags that do not fit together are settled and counted: one that continues nothing starts a span,
/// and a span that nothing ends reaches as far as its tags.
struct TaggedSpans {
  let scheme: TagLetters
  private(set) var spans: [SourceSpan] = []
  private(set) var remarks: [Remark] = []
  /// The last span of `spans` goes on if the next tag continues it.
  private var isOpen = false

  init(scheme: TagLetters) {
    self.scheme = scheme
  }

  /// Whether a token of that tag would belong to the last span.
  func isContinued(by tag: String) -> Bool {
    isOpen && (tag.hasPrefix("I-") || tag.hasPrefix("M-"))
      && spans.last?.type == String(tag.dropFirst(2))
  }

  /// Takes the tag of the token at `range`; false where it is no tag of the scheme.
  ///
  /// A token `afterPrefix` with the type of the prefix is of the prefix's span.
  mutating func append(_ tag: String, at range: Range<Int>, afterPrefix: Bool = false) -> Bool {
    if tag == "O" {
      close()
      return true
    }
    let parts = tag.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let letter = parts[0].first, parts[0].count == 1,
      scheme.letters.contains(letter)
    else { return false }
    let type = String(parts[1])
    let continues = letter == "I" || letter == "M" || letter == "E"
    if isOpen, continues || afterPrefix, let last = spans.last, last.type == type {
      spans[spans.count - 1].range = last.range.lowerBound..<range.upperBound
    } else {
      close()
      if continues { remarks.append(.malformedTags) }
      spans.append(SourceSpan(range: range, type: type, polarity: nil))
    }
    isOpen = letter != "E" && letter != "S"
    return true
  }

  /// To be called after the last tag.
  mutating func finish() { close() }

  private mutating func close() {
    if isOpen, scheme != .bio { remarks.append(.malformedTags) }
    isOpen = false
  }
}

extension SourceRow {
  /// Adds the spans that BIO tags spell, one for each token that blanks part in the text.
  mutating func appendTags(_ line: String) throws(BadRow) {
    let tokens = tokenRanges(of: text)
    let tags = line.split(separator: " ").map(String.init)
    guard tokens.count == tags.count else {
      throw BadRow(
        reason: "\(tokens.count) tokens have \(tags.count) tags; give each token one")
    }
    var tagged = TaggedSpans(scheme: .bio)
    for (range, tag) in zip(tokens, tags) where !tagged.append(tag, at: range) {
      throw BadRow(reason: "'\(tag)' is not a BIO tag; write \(TagLetters.bio.example)")
    }
    spans = (spans ?? []) + tagged.spans
    remarks += tagged.remarks
  }
}
