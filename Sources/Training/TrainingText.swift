/// One text as the trainer meets it: pieces, and labels as bit sets and tags.
struct TrainingText: Equatable, Sendable {
  /// The corpus it comes from, for messages.
  var corpus: String
  /// Its row there, for messages.
  var row = ""
  /// The language that it seems to be in, as `Language.code` says; empty where nobody asked.
  var language = ""
  /// At least one piece.
  var ids: [Int32]
  /// Bit s - 1 for every number of stars that the label allows; 0 where sentiment is not labelled.
  var allowedStars: UInt32 = 0
  /// Bit l for every intent that the text has.
  var positiveIntents: UInt32 = 0
  /// Bit l for every intent of which it is known whether the text has it.
  var knownIntents: UInt32 = 0
  /// The intent that the corpus itself names, among those of the corpus; nil where it names none.
  var corpusIntent: CorpusIntents.Target?
  /// Tags of the opinion layer; nil where it is not labelled.
  var opinions: LayerTags?
  /// Tags of the name layer; nil where it is not labelled.
  var names: LayerTags?
  /// Aspects whose polarity is known.
  var aspects: [Aspect] = []
  /// The text itself, for teachers, where nothing is labelled; nil where something is.
  var plainText: String?
  /// What teachers say of it; nil where none were asked.
  var lesson: Lesson?

  /// What teachers say of a text.
  struct Lesson: Equatable, Sendable {
    /// The probability of 1, 2, 3, 4 and 5 stars.
    var stars: [Double]
    /// The probability of each of the model's intents.
    var intents: [Double]
    /// Bit l for every intent that one of them knows in the text's language.
    var knownIntents: UInt32
  }

  /// An aspect: its pieces and the index of its polarity.
  struct Aspect: Equatable, Sendable {
    var pieces: Range<Int>
    var polarity: Int
  }

  /// One layer's tags, a bit set per piece.
  struct LayerTags: Equatable, Sendable {
    /// The tag of each piece as one bit; 0 where it is unknown.
    var allowed: [UInt32]
    /// The tags that are in question: those of types that the corpus annotates completely.
    var possible: UInt32
  }

  /// Whether no head learns from it.
  var isUnlabelled: Bool {
    allowedStars == 0 && knownIntents == 0 && corpusIntent == nil && opinions == nil
      && names == nil && aspects.isEmpty
  }
}
