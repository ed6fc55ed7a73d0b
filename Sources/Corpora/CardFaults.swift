import Reviews

extension CorpusCard {
  /// What the card says that cannot be, each with its remedy.
  func faults(fileName: String) -> [(problem: String, remedy: String)] {
    var faults: [(problem: String, remedy: String)] = []
    func require(_ isTrue: Bool, _ problem: String, _ remedy: String) {
      if !isTrue { faults.append((problem, remedy)) }
    }
    require(name == fileName, "the card is named '\(name)'", "name it as its file, '\(fileName)'")
    require(
      ["en", "zh", "mul"].contains(language), "language is '\(language)'",
      "write 'en', 'zh' or, for several, 'mul'")
    require(
      domain?.contains { !$0.isWhitespace } ?? true, "domain is blank",
      "say what the texts are about or remove it")
    require(
      reader.needlessKeys.isEmpty,
      "reader.\(reader.needlessKeys.first ?? "") means nothing to '\(reader.format.rawValue)'",
      "remove it")
    requireReader(require)
    require(
      fields?.hasSpans != true || !reader.htmlBreaks && !reader.stripQuotes,
      "reader changes the text that fields.tags or fields.targets point into",
      "remove html_breaks and strip_quotes")
    requireFields(require)
    require(
      fields == nil || reader.format.hasNamedFields,
      "fields mean nothing to '\(reader.format.rawValue)'", "remove them")
    requireSplits(require)
    requireStarsAndIntents(require)
    requireSpans(require)
    return faults
  }

  private typealias Require = (_ isTrue: Bool, _ problem: String, _ remedy: String) -> Void

  private func requireReader(_ require: Require) {
    require(
      reader.format != .parallelLines || reader.columns?.isEmpty == false,
      "parallel files without reader.columns", "name what each file of a group holds")
    if reader.format == .parallelLines, let columns = reader.columns {
      let names = (fields ?? FieldNames()).columns(isText: kind.requiredFields.contains(.text))
      if let name = names.first(where: { !columns.contains($0) }) {
        require(
          false, "fields names '\(name)', which is none of reader.columns",
          "use one of: \(columns.joined(separator: ", "))")
      }
    }
    require(
      reader.delimiter != .blanks || reader.format == .table,
      "'\(reader.format.rawValue)' has no delimiter 'blanks'", "name one character")
    require(reader.comment != "", "reader.comment is empty", "write what comments start with")
    for file in files.values.joined() {
      require(
        reader.format != .jsonPairs || !file.members.isEmpty, "\(file.path) has no members",
        "name the lists of [text, label] that count")
    }
    let given = files.values.joined().flatMap(\.given)
    for field in excluded.fields where field == .tags || field == .targets {
      require(false, "exclude.\(field.rawValue) leaves nothing out", "remove it")
    }
    for field in excluded.fields
    where reader.format.hasNamedFields && field != .text && field != .id {
      require(
        fields?.has(field) == true || given.contains(field),
        "exclude.\(field.rawValue) without fields.\(field.rawValue)", "name it or remove exclude")
    }
  }

  private func requireSplits(_ require: Require) {
    require(!files.isEmpty, "no files", "name some under files.train, files.dev or files.test")
    for (split, names) in files.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      require(!names.isEmpty, "files.\(split.rawValue) is empty", "name a file or remove the key")
      let group = reader.filesAtOnce
      require(
        names.count % group == 0, "files.\(split.rawValue) holds \(names.count) files",
        "'\(reader.format.rawValue)' reads \(group) as one")
      for (index, file) in names.enumerated() {
        require(
          !names[..<index].contains { $0.path == file.path },
          "files.\(split.rawValue) holds \(file.path) twice",
          "name it once, with all of its members")
      }
      for (index, file) in names.enumerated() where index % group > 0 {
        require(
          file.rows == nil, "\(file.path) has rows, but is read with the file before",
          "count them there")
      }
    }
    guard let hash else { return }
    require(kind == .texts, "\(kind.rawValue) are not split by hash", "remove hash")
    require(
      files[.train] != nil, "hash without files.train", "name the training files or remove it")
    for split in [Split.dev, .test] {
      let percent = hash.percent(of: split)
      require(
        (0...50).contains(percent), "hash.\(split.rawValue) is \(percent)",
        "give a percentage from 0 to 50")
      require(
        percent == 0 || files[split] == nil,
        "\(split.rawValue) is both under files and under hash", "keep one of them")
    }
    require(hash.percent(of: .train) > 0, "hash leaves nothing to train on", "lower it")
  }

  private func requireFields(_ require: Require) {
    guard kind != .texts else { return }
    require(
      labels.heads.isEmpty && !deduplicate && excludedIDs == nil,
      "\(kind.rawValue) are not trained on", "remove labels, deduplicate and exclude_ids")
    for field in kind.requiredFields {
      let isFromFile = field == .label && files.values.joined().allSatisfy { $0.label != nil }
      let isFromFormat =
        field == .item && reader.format == .itemLines
        || field == .text && !reader.format.hasNamedFields
      require(
        isFromFile || isFromFormat || fields?.has(field) == true,
        "\(kind.rawValue) without fields.\(field.rawValue)", "name it")
    }
  }

  private func requireStarsAndIntents(_ require: Require) {
    require(
      [labels.stars != nil, labels.rating != nil, labels.hasStars].filter(\.self).count < 2,
      "labels gives stars in two ways", "keep one of stars, rating and given_stars")
    require(
      !labels.hasStars || reader.format == .glossJSON,
      "rows of '\(reader.format.rawValue)' do not give stars", "remove labels.given_stars")
    for (label, entry) in labels.stars ?? [:] {
      guard let stars = entry else { continue }
      require(
        !stars.isEmpty && stars.allSatisfy((1...5).contains),
        "labels.stars.\(label) is \(stars)", "list stars from 1 to 5")
    }
    let intents = labels.intents
    let given = (intents?.labels ?? [:]).values.joinedIntents
    for (key, names) in [
      ("intents", (intents?.supervised ?? []) + given), ("absent_intents", labels.absentIntents),
    ] {
      for intent in names where !LabelSchema.intents.contains(intent) {
        require(
          false, "labels.\(key) names an unknown intent '\(intent)'",
          "use one of: \(LabelSchema.intents.joined(separator: ", "))")
      }
    }
    for intent in labels.absentIntents where given.contains(intent) {
      require(
        false, "labels.absent_intents names '\(intent)', which labels.intents gives",
        "remove it from one of them")
    }
    if labels.stars != nil || labels.rating != nil || intents?.labels != nil {
      require(
        reader.format.hasLabel, "rows of '\(reader.format.rawValue)' have no label to map",
        "remove labels.stars and labels.intents.labels")
      require(
        !reader.format.hasLabelFromCard || fields?.has(.label) == true
          || files.values.joined().allSatisfy { $0.label != nil },
        "labels without a label field", "name it under fields.label or give each file its label")
    }
    require(
      intents == nil || intents?.labels != nil || reader.format == .glossJSON,
      "labels.intents maps nothing", "add labels.intents.labels")
    require(
      !labels.derivesIntents || reader.format.hasPolarities && intents == nil,
      "labels.derive_intents needs the polarities of aspects and no labels.intents", "remove it")
  }

  private func requireSpans(_ require: Require) {
    require(
      labels.spans == nil || reader.format.hasSpans || fields?.hasSpans == true,
      "rows of '\(reader.format.rawValue)' have no spans", "remove labels.spans")
    guard let spans = labels.spans else { return }
    let known = EntityLayer.allCases.flatMap(\.types)
    for type in spans.complete.all + spans.targetTypes where !known.contains(type) {
      require(
        false, "labels.spans names an unknown type '\(type)'",
        "use one of: \(known.joined(separator: ", ")); in tags also ignore or unknown")
    }
    for type in spans.targetTypes.sorted() where !spans.complete.all.contains(type) {
      require(
        false, "labels.spans.tags leads to '\(type)', which is not complete",
        "add it to labels.spans.complete or map the tag to unknown")
    }
    require(!spans.complete.all.isEmpty, "labels.spans.complete is empty", "name a type")
    if let languages = spans.complete.byLanguage {
      require(
        Set(languages.keys) == Set(self.languages), "labels.spans.complete is not by its languages",
        "give a list for each of: \(self.languages.joined(separator: ", "))")
    }
    for tag in (spans.tags ?? [:]).keys {
      require(
        reader.format.spanTypes?.contains(tag) ?? true,
        "'\(reader.format.rawValue)' has no spans of type '\(tag)'",
        "map \(reader.format.spanTypes?.joined(separator: ", ") ?? "")")
    }
    for group in (spans.groups ?? [:]).values {
      require(
        LabelSchema.aspectGroups.contains(group),
        "labels.spans.groups names an unknown group '\(group)'",
        "use one of: \(LabelSchema.aspectGroups.joined(separator: ", "))")
    }
    for polarity in (spans.polarities ?? [:]).values {
      require(
        SourcePolarity(rawValue: polarity) != nil,
        "labels.spans.polarities names an unknown polarity '\(polarity)'",
        "use one of: negative, neutral, positive, conflict")
    }
  }
}

extension Collection where Element == [String]? {
  fileprivate var joinedIntents: [String] { compactMap(\.self).flatMap(\.self) }
}
