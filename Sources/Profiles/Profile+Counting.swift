public import Reviews

extension Profile {
  /// Counts the glosses of `user`, in whatever order they come; nil when none is theirs.
  public init?(user: String, glosses: [Gloss]) {
    let glosses = glosses.filter { $0.user == user }.sorted { Self.isOlder($0, $1) }
    guard !glosses.isEmpty else { return nil }
    let times = glosses.compactMap(\.time)
    self.user = user
    reviews = glosses.count
    items = Set(glosses.compactMap(\.item)).count
    firstTime = times.first
    lastTime = times.last
    languages = Self.ranked(glosses.map(\.language))
    sentiment = Sentiment(of: glosses)
    aspects = Self.aspects(in: glosses)
    opinions = Array(Self.opinions(in: glosses).prefix(Self.opinionLimit))
    names = Self.names(in: glosses)
    intents = Self.intents(in: glosses)
    latest = glosses.suffix(Self.latestLimit).reversed().map { gloss in
      Latest(
        id: gloss.id, time: gloss.time, item: gloss.item, stars: gloss.sentiment.stars,
        label: gloss.sentiment.label)
    }
  }

  /// The store's order: by time, none first, then by id; texts compare by their UTF-8 bytes.
  static func isOlder(_ first: Gloss, _ second: Gloss) -> Bool {
    switch (first.time, second.time) {
    case (nil, .some): true
    case (.some, nil): false
    case (let a?, let b?) where a != b: precedes(a, b)
    default: precedes(first.id, second.id)
    }
  }

  /// Whether `first` sorts before `second` by UTF-8 bytes, as in SQLite.
  static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// How often each text occurs, most frequent first, then by text.
  static func ranked(_ texts: some Sequence<String>) -> [Count] {
    Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
      .map { Count(text: $0.key, count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : precedes($0.text, $1.text) }
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }

  private static func aspects(in glosses: [Gloss]) -> [Aspect] {
    var evidence: [String: [Evidence]] = [:]
    for gloss in glosses {
      for entity in gloss.entities where entity.layer == .opinion && entity.type == "ASPECT" {
        let mention = Evidence(review: gloss.id, polarity: entity.polarity)
        evidence[trimmed(entity.text).lowercased(), default: []].append(mention)
      }
    }
    evidence[""] = nil
    return evidence.map { text, evidence in
      func count(_ polarity: Gloss.Polarity) -> Int {
        evidence.count { $0.polarity == polarity }
      }
      return Aspect(
        text: text, mentions: evidence.count, negative: count(.negative),
        neutral: count(.neutral), positive: count(.positive), evidence: evidence)
    }.sorted { $0.mentions != $1.mentions ? $0.mentions > $1.mentions : precedes($0.text, $1.text) }
  }

  private static func opinions(in glosses: [Gloss]) -> [Count] {
    let opinions = glosses.lazy.flatMap(\.entities)
      .filter { $0.layer == .opinion && $0.type == "OPINION" }
    return ranked(opinions.map { trimmed($0.text).lowercased() }.filter { !$0.isEmpty })
  }

  private static func names(in glosses: [Gloss]) -> [Names] {
    let entities = glosses.flatMap(\.entities).filter { $0.layer == .name }
    let order = EntityLayer.name.types
    let unknown = Set(entities.map(\.type)).subtracting(order).sorted(by: precedes)
    return (order + unknown).compactMap { type in
      let texts = entities.filter { $0.type == type }.map { trimmed($0.text) }
      let counts = spellings(of: texts.filter { !$0.isEmpty })
      return counts.isEmpty ? nil : Names(type: type, names: counts)
    }
  }

  /// Counts texts without regard to case, each under its most frequent spelling.
  private static func spellings(of texts: [String]) -> [Count] {
    var spelling: [String: String] = [:]
    for text in ranked(texts).map(\.text) where spelling[text.lowercased()] == nil {
      spelling[text.lowercased()] = text
    }
    return ranked(texts.map { spelling[$0.lowercased()] ?? $0 })
  }

  private static func intents(in glosses: [Gloss]) -> [Intent] {
    var lastTimes: [String: String] = [:]
    var labels: [String] = []
    for gloss in glosses {  // oldest first
      let held = Set(gloss.intents.map(\.label))
      labels += held
      guard let time = gloss.time else { continue }
      for label in held { lastTimes[label] = time }
    }
    return ranked(labels).map {
      Intent(label: $0.text, reviews: $0.count, lastTime: lastTimes[$0.text])
    }
  }
}

extension Profile.Sentiment {
  /// Counts the labels and averages the stars of at least one gloss.
  fileprivate init(of glosses: [Gloss]) {
    func count(_ label: Gloss.Polarity) -> Int { glosses.count { $0.sentiment.label == label } }
    let months = Dictionary(grouping: glosses) { $0.time.flatMap(TimeText.month(of:)) }
    self.init(
      stars: Self.mean(glosses), negative: count(.negative), neutral: count(.neutral),
      positive: count(.positive),
      months: months.compactMap { month, glosses in
        month.map { Profile.Month(month: $0, reviews: glosses.count, stars: Self.mean(glosses)) }
      }.sorted { Profile.precedes($0.month, $1.month) })
  }

  private static func mean(_ glosses: [Gloss]) -> Double {
    (glosses.reduce(0) { $0 + $1.sentiment.stars } / Double(glosses.count)).roundedToFourDecimals
  }
}

extension Double {
  /// As many decimals as the numbers of a gloss have.
  var roundedToFourDecimals: Double { (self * 10_000).rounded() / 10_000 }
}
