import Foundation
import Reviews
import TestSupport
import Testing

/// What must hold of a store whatever happens to the programs that use it.
@Suite struct ProfileStoreTests {
  private static let samples = "corpora/samples/reviews.jsonl"

  /// Records as `gloss classify` writes them, of a few users each; the same for the same count.
  private func records(_ count: Int) -> String {
    (0..<count).map { index in
      let stars = 1 + index * 7 % 5
      let aspect = Gloss.Entity(
        layer: .opinion, type: "ASPECT", text: ["lid", "cord", "The lids"][index % 3], start: 4,
        end: 7, confidence: 0.9, polarity: index % 2 == 0 ? .negative : .positive)
      return Gloss(
        id: "r-\(index)", user: "user-\(index % 97)", item: "item-\(index % 11)",
        time: ReviewTime.text(seconds: 1_600_000_000 + index * 3_600), language: "en",
        sentiment: Gloss.Sentiment(
          label: stars < 3 ? .negative : stars == 3 ? .neutral : .positive, stars: Double(stars),
          confidence: 1, probabilities: (1...5).map { $0 == stars ? 1 : 0 }),
        entities: index % 4 == 0 ? [aspect] : [],
        intents: stars < 3 ? [.init(label: "complaint", confidence: 0.9)] : [], tokens: 9,
        windows: 1, model: "gloss-test/0a1b2c3d"
      ).jsonLine() + "\n"
    }.joined()
  }

  /// Hands the path of a store with a review each of three users to `body`, and their records.
  private func withThreeUsers(_ body: (_ store: String, _ rows: Data) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      let rows = Data(records(3).utf8)
      #expect(
        try Program.run(["annotate", "-", "--records", "--store", store], input: rows).status == 0)
      try body(store, rows)
    }
  }

  private func export(_ store: String) throws -> String {
    let result = try Program.run("profile", "export", "--store", store)
    #expect(result.status == 0, "\(result.messages)")
    return result.output
  }

  @Test func fiftyKilledRunsEndAsOneThatWasLeftAlone() throws {
    try withTemporaryFolder { folder in
      let input = folder.appendingPathComponent("records.jsonl").path
      try Data(records(60_000).utf8).write(to: URL(fileURLWithPath: input))
      let (whole, killed) = (folder.path + "/whole.sqlite", folder.path + "/killed.sqlite")
      let run = { store in ["annotate", "--records", input, "--store", store] }
      #expect(try Program.run(run(whole)).status == 0)
      var wasCutShort = 0
      for kill in 0..<50 {
        let process = try Program.start(run(killed))
        // From before the store is made to late in the run.
        Thread.sleep(forTimeInterval: 0.01 + Double(kill * 37 % 50) * 0.02)
        if process.isRunning { wasCutShort += 1 }
        process.terminate(with: SIGKILL)
        if kill % 10 == 9, FileManager.default.fileExists(atPath: killed) {
          let stats = try Program.run("profile", "stats", "--store", killed)
          #expect(stats.status == 0, "\(stats.messages)")
        }
      }
      #expect(wasCutShort > 10)
      let last = try Program.run(run(killed))
      #expect(last.status == 0 && last.messages.contains(" 0 replaced"), "\(last.messages)")
      let expected = try export(whole)
      #expect(expected.split(separator: "\n").count == 97)
      #expect(try export(killed) == expected)
    }
  }

  @Test func twoRunsAtOnceLoseNothing() throws {
    try withTemporaryFolder { folder in
      let lines = records(20_000).split(separator: "\n")
      // Parts that overlap.
      let parts = [lines[..<13_000], lines[7_000...]].enumerated().map { index, part in
        (folder.path + "/part\(index).jsonl", part.joined(separator: "\n"))
      }
      for (path, text) in parts { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
      let (both, one) = (folder.path + "/both.sqlite", folder.path + "/one.sqlite")
      let processes = try parts.map {
        try Program.start(["annotate", "--records", $0.0, "--store", both])
      }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      let all = folder.path + "/all.jsonl"
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: all))
      #expect(try Program.run("annotate", "--records", all, "--store", one).status == 0)
      #expect(try export(both) == export(one))
    }
  }

  @Test func recordsOfClassifyMakeTheSameTraits() throws {
    try withTemporaryFolder { folder in
      let (direct, given) = (folder.path + "/direct.sqlite", folder.path + "/given.sqlite")
      #expect(try Program.run("annotate", Self.samples, "--store", direct).status == 0)
      let glosses = try Program.run("classify", Self.samples)
      let annotated = try Program.run(
        ["annotate", "--records", "-", "--store", given], input: Data(glosses.output.utf8))
      #expect(annotated.status == 0 && annotated.messages.contains("130 added"))
      #expect(try export(direct) == export(given))
      let bad = try Program.run(
        ["annotate", "--records", "-", "--store", given], input: Data("{}\nx\n".utf8))
      #expect(bad.status == 1)
      #expect(bad.messages.contains("<stdin>:1: not a Gloss record: id is missing"))
      #expect(bad.messages.contains("2 read = 0 glossed + 0 abstained + 2 rejected"))
    }
  }

  @Test func whyNamesSentencesAndNoTextKeepsNone() throws {
    try withTemporaryFolder { folder in
      let (store, bare) = (folder.path + "/store.sqlite", folder.path + "/bare.sqlite")
      let input = """
        {"id":"a","user":"ana","time":"2024-05-02","text":"Fine zip. The battery life is awful!"}
        """
      for (path, options) in [(store, []), (bare, []), (bare, ["--no-text"])] {
        let run = try Program.run(
          ["annotate", "-", "--format", "jsonl", "--store", path] + options,
          input: Data(input.utf8))
        #expect(run.status == 0)
      }
      let why = try Program.run("profile", "why", "ana", "aspect.battery life", "--store", store)
      #expect(why.status == 0)
      #expect(why.output.contains("The battery life is awful!"))
      #expect(why.output.contains("2024-05-02"))
      let json = try Program.run(
        "profile", "why", "ana", "aspect.battery life", "--json", "--store", bare)
      #expect(json.output.contains("\"found\":\"battery life\""))
      #expect(!json.output.contains("sentence"))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: bare))
      #expect(bytes.range(of: Data("awful!".utf8)) == nil)
      for (options, counts) in [
        (["--no-text"], "0 added, 0 replaced, 1 unchanged"),
        ([], "0 added, 1 replaced, 0 unchanged"),
      ] {
        let run = try Program.run(
          ["annotate", "-", "--format", "jsonl", "--store", bare] + options,
          input: Data(input.utf8))
        #expect(run.messages.contains(counts), "\(run.messages)")
      }
      let none = try Program.run("profile", "why", "ana", "aspect.zip", "--store", store)
      #expect(none.status == 1 || none.output.contains("zip"))
      #expect(try Program.run("profile", "why", "ana", "mood", "--store", store).status == 64)
    }
  }

  @Test func aNewModelReadsAgainWhatTheOldOneRead() throws {
    try withTemporaryFolder { folder in
      // The same weights under another name: another model to the store.
      let model = folder.path + "/renamed"
      let copied = try Program.shell(
        "cp -r models/gloss-tiny $0 && sed -i 's/\"name\" *: *\"gloss-tiny\"/\"name\":\"renamed\"/' "
          + "$0/config.json && grep -c renamed $0/config.json", model)
      #expect(copied.status == 0, "\(copied.messages)")
      let (store, before) = (folder.path + "/store.sqlite", folder.path + "/before.sqlite")
      let tiny = ["--model", "models/gloss-tiny", "--store", store]
      #expect(try Program.run(["annotate", Self.samples] + tiny).status == 0)
      let profiles = try export(store)
      #expect(try Program.run("profile", "copy", before, "--store", store).status == 0)
      let refresh = try Program.run("annotate", "--refresh", "--model", model, "--store", store)
      #expect(refresh.status == 0 && refresh.messages.contains("130 reviews read again"))
      let again = try Program.run("annotate", "--refresh", "--model", model, "--store", store)
      #expect(again.messages.contains("0 reviews read again"))
      #expect(
        try export(store).replacing(/renamed\/\w+/, with: "")
          == profiles.replacing(/gloss-tiny\/\w+/, with: ""))
      let diff = try Program.run("profile", "diff", before, store)
      #expect(diff.status == 0 && diff.output.isEmpty)
      let stats = try Program.run("profile", "stats", "--store", store)
      #expect(stats.output.contains("renamed/") && !stats.output.contains("gloss-tiny"))
    }
  }

  @Test func aTableOfUsersIsKnownByItsFirstLine() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/store.sqlite"
      #expect(try Program.run("annotate", Self.samples, "--store", store).status == 0)
      let users = folder.path + "/users.txt"
      try Data("user\tregion\nmarla_k\tnorth\n".utf8).write(to: URL(fileURLWithPath: users))
      let result = try Program.run(
        "profile", "import", users, "--source", "crm", "--store", store)
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("1 rows read, 1 fields new or changed"))
    }
  }

  @Test func profilesAreKeptRightAndErased() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/store.sqlite"
      func gloss(_ arguments: String...) throws -> Program.Result {
        try Program.run(["profile"] + arguments + ["--store", store])
      }
      #expect(try Program.run("annotate", Self.samples, "--store", store).status == 0)
      let before = try export(store)
      let crm = folder.path + "/crm.csv"
      try Data("user,region,age\nmarla_k,north,41\nnew_one,south,\n,east,3\n".utf8)
        .write(to: URL(fileURLWithPath: crm))
      let imported = try gloss("import", crm, "--source", "crm", "--fields", "region")
      #expect(imported.status == 1)
      #expect(imported.messages.contains("3 rows read, 2 fields new or changed"))
      let misspelt = try gloss("import", crm, "--source", "crm", "--fields", "region, regoin")
      #expect(misspelt.status == 1)
      #expect(misspelt.messages.contains("no row has a field regoin; check --fields"))
      let empty = try gloss("import", "/dev/null", "--source", "crm")
      #expect(empty.status == 1 && empty.messages.contains("no rows in it"))
      let early = try gloss("show", "marla_k", "--as-of", "2001-01-01")
      #expect(early.output.contains("No reviews up to 2001-01-01; known from other sources only."))
      let shown = try gloss("show", "marla_k")
      #expect(shown.output.contains("Known\n  region  north  crm"))
      let listed = try gloss("list", "--where", "known.region = south", "--json")
      #expect(listed.lines.count == 1 && listed.output.contains("new_one"))
      #expect(try gloss("merge", "marla_k", "tomas.w").status == 0)
      #expect(try gloss("show", "tomas.w").output.hasPrefix("marla_k\n"))
      #expect(try gloss("merge", "tomas.w", "ruth.p").status == 2)
      #expect(try gloss("unmerge", "tomas.w").status == 0)
      let receipt = folder.path + "/receipt.json"
      #expect(try gloss("erase", "marla_k", "--receipt", receipt).status == 0)
      let proof = try String(contentsOfFile: receipt, encoding: .utf8)
      #expect(proof.contains("\"reviews\":11") && !proof.contains("marla"))
      #expect(try gloss("erase", "marla_k").status == 0)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: store))
      #expect(bytes.range(of: Data("marla_k".utf8)) == nil)
      let again = try Program.run("annotate", Self.samples, "--store", store)
      #expect(again.messages.contains("11 withheld (erased users)"))
      let allowed = try Program.run(
        "annotate", Self.samples, "--allow-erased", "--store", store)
      #expect(allowed.messages.contains("11 added"))
      #expect(try gloss("erase", "new_one").status == 0)
      #expect(try export(store) == before)
      let actions = try gloss("audit").lines.compactMap { line in
        (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["action"]
          as? String
      }
      #expect(
        actions == [
          "annotate", "export", "import", "import", "import", "merge", "unmerge", "erase",
          "annotate", "annotate",
          "erase", "export",
        ])
    }
  }

  @Test func usersAreFoundUnderTheirPseudonyms() throws {
    try withTemporaryFolder { folder in
      let (store, key) = (folder.path + "/store.sqlite", folder.path + "/key.bin")
      try Data("a key of thirty-two bytes or so..".utf8).write(to: URL(fileURLWithPath: key))
      let hidden = ["--pseudonymize", key, "--store", store]
      #expect(try Program.run(["annotate", Self.samples] + hidden).status == 0)
      #expect(try Program.run("profile", "show", "marla_k", "--store", store).status == 1)
      let shown = try Program.run(["profile", "show", "marla_k", "--json"] + hidden)
      #expect(shown.status == 0 && !shown.output.contains("marla_k"))
      #expect(try Program.run(["profile", "why", "marla_k", "stars"] + hidden).status == 0)
      #expect(try Program.run(["profile", "merge", "marla_k", "ruth.p"] + hidden).status == 0)
      #expect(try Program.run(["profile", "unmerge", "ruth.p"] + hidden).status == 0)
      #expect(try Program.run(["profile", "erase", "marla_k"] + hidden).status == 0)
      let again = try Program.run(["annotate", Self.samples] + hidden)
      #expect(again.messages.contains("11 withheld"))
      for option in ["--records", "--refresh"] {
        let refused = try Program.run(
          ["annotate", option] + (option == "--records" ? [Self.samples] : []) + hidden)
        #expect(refused.status == 64 && refused.messages.contains("work on reviews as they come"))
      }
    }
  }

  @Test func wrongWordsGetOneLine() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/store.sqlite"
      let cases: [(arguments: [String], message: String)] = [
        (["list", "--where", "mood > 1"], "no field 'mood'"),
        (["list", "--sort", "mood"], "--sort: no field 'mood'"),
        (["list", "--descending"], "--descending goes with --sort"),
        (["list", "--since", "soon"], "--since is 'soon'; write a day such as 2024-01-01"),
        (["list", "--half-life", "6"], "--half-life is '6'; write a time such as 180d"),
        (["show", "ana", "--as-of", "soon"], "--as-of is 'soon'; write a day such as"),
      ]
      for (arguments, message) in cases {
        let result = try Program.run(["profile"] + arguments + ["--store", store])
        #expect(result.status == 64 && result.messages.contains(message), "\(result.messages)")
      }
      let refresh = try Program.run("annotate", "--refresh", Self.samples, "--store", store)
      #expect(refresh.status == 64 && refresh.messages.contains("name no files"))
      for (arguments, option) in [
        (["--refresh", "--on-bad-row", "stop"], "--on-bad-row stop"),
        (["--records", Self.samples, "--batch-tokens", "9"], "--batch-tokens"),
      ] {
        let result = try Program.run(["annotate", "--store", store] + arguments)
        #expect(result.status == 64 && result.messages.contains("so \(option) says nothing"))
      }
      let missing = try Program.run("annotate", "--refresh", "--store", store)
      #expect(missing.status == 2 && missing.messages.contains("no such store"))
    }
  }

  @Test func aReviewThatComesTwiceIsTheSameHoweverOftenItIsRead() throws {
    try withTemporaryFolder { folder in
      let (store, file) = (folder.path + "/s.sqlite", folder.path + "/a.jsonl")
      let rows = ["terrible, broken and awful", "wonderful, I love it"].map {
        "{\"id\":\"a\",\"user\":\"ana\",\"text\":\"\($0)\"}\n"
      }
      try Data(rows.joined().utf8).write(to: URL(fileURLWithPath: file))
      var exports: Set<String> = []
      for _ in 1...3 {
        #expect(try Program.run("annotate", file, "--store", store).status == 0)
        exports.insert(try export(store))
      }
      #expect(exports.count == 1)
    }
  }

  @Test func theLastRowOfAReviewIsWhatItIs() throws {
    try withTemporaryFolder { folder in
      func row(_ id: String, _ text: String) -> String {
        "{\"id\":\"\(id)\",\"user\":\"ana\",\"text\":\"\(text)\"}\n"
      }
      let others = (0..<600).map { row("other-\($0)", "ok") }.joined()
      let old = row("a", "terrible, broken and awful")
      let last = row("a", "wonderful, I love it")
      let rows = row("a", "so so") + others + old + others + last
      func annotate(_ rows: String, _ store: String) throws {
        let result = try Program.run(
          ["annotate", "-", "--model", "models/gloss-tiny", "--store", folder.path + "/" + store],
          input: Data(rows.utf8))
        #expect(result.status == 0)
      }
      try annotate(old, "known.sqlite")
      try annotate(rows, "known.sqlite")
      try annotate(rows, "new.sqlite")
      #expect(try export(folder.path + "/known.sqlite") == export(folder.path + "/new.sqlite"))
    }
  }

  @Test func strangeNamesOfStoresAreFiles() throws {
    try withTemporaryFolder { folder in
      let rows = folder.path + "/records.jsonl"
      try Data(records(3).utf8).write(to: URL(fileURLWithPath: rows))
      let script = """
        cd "$1" && "$0" annotate --records records.jsonl --store :memory: && \
        "$0" profile copy --store :memory: file:copy && "$0" profile list --store file:copy && ls
        """
      let result = try Program.shell(script, Program.path.path, folder.path)
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.output.contains("user-0") && result.output.contains("file:copy\nrecords"))
      let empty = try Program.run("profile", "copy", "", "--store", folder.path + "/:memory:")
      #expect(empty.status == 2)
    }
  }

  @Test func namesAndPseudonymsDoNotMix() throws {
    try withTemporaryFolder { folder in
      let (store, key) = (folder.path + "/s.sqlite", folder.path + "/key")
      try Data("a key of thirty-two bytes or so..".utf8).write(to: URL(fileURLWithPath: key))
      try Data("another key of some thirty bytes".utf8)
        .write(to: URL(fileURLWithPath: key + "2"))
      let row = Data("{\"user\":\"ana\",\"text\":\"ok\"}".utf8)
      func run(_ arguments: [String], _ options: [String]) throws -> Program.Result {
        try Program.run(arguments + ["--store", store] + options, input: row)
      }
      let annotate = ["annotate", "-", "--format", "jsonl", "--model", "models/gloss-tiny"]
      let imported = ["profile", "import", "-", "--source", "crm"]
      #expect(try run(annotate, ["--pseudonymize", key]).status == 0)
      for arguments in [annotate, imported] {
        for options in [[], ["--pseudonymize", key + "2"]] {
          let result = try run(arguments, options)
          #expect(result.status == 2 && result.messages.contains("its users are pseudonyms"))
        }
        #expect(try run(arguments, ["--pseudonymize", key]).status == 0)
      }
      #expect(try export(store).split(separator: "\n").count == 1)
      // Under another key, or none, nobody would be found: that is said.
      let shown = ["profile", "show", "ana"]
      #expect(try run(shown, ["--pseudonymize", key]).status == 0)
      let other = try run(shown, ["--pseudonymize", key + "2"])
      #expect(other.status == 2 && other.messages.contains("the key that they were made with"))
      for command in ["show", "erase"] {
        let plain = try run(["profile", command, "ana"], [])
        #expect(plain.status == 1 && plain.messages.contains("its users are pseudonyms: give"))
      }
      // Nor do records bring names.
      let records = try run(["annotate", "-", "--records"], [])
      #expect(records.status == 1)
      let named = try Program.run(
        ["annotate", "-", "--records", "--store", store], input: Data(self.records(1).utf8))
      #expect(named.status == 2 && named.messages.contains("its user is a name"))
      // A key that can be read once is enough.
      let once = try Program.shell(
        "\"$0\" profile merge ana bo --pseudonymize <(cat \(key)) --store \(store)",
        Program.path.path)
      #expect(once.status == 1 && once.messages.contains("no user"))
    }
  }

  @Test func whatAnImportThatBreaksOffKeptIsTold() throws {
    try withTemporaryFolder { folder in
      let (store, file) = (folder.path + "/s.sqlite", folder.path + "/crm.csv")
      let rows = (0..<2_500).map { "user-\($0),\($0 * 7_919 % 100_003)" }
      try Data("user,orders\n\(rows.joined(separator: "\n"))\n".utf8)
        .write(to: URL(fileURLWithPath: file))
      let cut = try Program.shell(
        "gzip -c \(file) | head -c 9000 > \(file).gz; "
          + "\"$0\" profile import \(file).gz --source crm --store \(store)", Program.path.path)
      #expect(cut.status == 2 && cut.messages.contains("rows read"), "\(cut.messages)")
      let audit = try Program.run("profile", "audit", "--store", store).output
      let kept = try export(store).split(separator: "\n").count
      #expect(kept >= 1_000 && kept < 2_500)
      #expect(audit.contains("\"rows\":\"\(kept)\""), "\(audit)")
    }
  }

  @Test func rowsOfASilentPipeAreKept() throws {
    try withTemporaryFolder { folder in
      let (store, pipe) = (folder.path + "/s.sqlite", Pipe())
      let process = try Program.start(
        ["annotate", "-", "--format", "jsonl", "--store", store], input: pipe)
      defer { process.terminate(with: SIGKILL) }
      for number in 0..<3 {
        let row = "{\"id\":\"\(number)\",\"user\":\"ana\",\"text\":\"It is fine.\"}\n"
        try pipe.fileHandleForWriting.write(contentsOf: Data(row.utf8))
        Thread.sleep(forTimeInterval: 0.3)
      }
      var statistics = ""
      for _ in 0..<100 where !statistics.contains(#""reviews":3"#) {
        Thread.sleep(forTimeInterval: 0.2)
        statistics = try Program.run("profile", "stats", "--json", "--store", store).output
      }
      #expect(statistics.contains(#""reviews":3"#), "\(statistics)")
    }
  }

  @Test func importedFieldsAreKeptWholeAndTakenBack() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      func take(_ text: String) throws -> Program.Result {
        try Program.run(
          ["profile", "import", "-", "--source", "crm", "--store", store], input: Data(text.utf8))
      }
      let first = try take(
        #"{"user":"ana","region":"north","tags":["a"],"more":{"b":1}}"# + "\n"
          + #"{"user":true,"region":"south"}"# + "\n")
      #expect(first.status == 1)
      #expect(first.messages.contains("2 rows read, 3 fields new or changed"))
      #expect(first.messages.contains("2: field 'user' is neither a string nor a number"))
      #expect(try export(store).contains(#"{"field":"tags","source":"crm","value":"[\"a\"]"}"#))
      // A table, though its name does not say so; what is empty is taken back.
      #expect(try take("user,region,tags,more\nana,,x,\n").status == 0)
      let fields = try export(store)
      #expect(!fields.contains("region") && !fields.contains("more") && fields.contains("tags"))
      let twice = try take("user,a,a\nana,1,2\n")
      #expect(twice.status == 2 && twice.messages.contains("two columns of one name, 'a'"))
    }
  }

  @Test func recordsThatSayLessOrCountOtherwiseAreNoEvidence() throws {
    try withTemporaryFolder { folder in
      let store = folder.path + "/s.sqlite"
      func records(_ options: String...) throws -> Program.Result {
        let classified = try Program.run(
          ["classify", "-", "--format", "jsonl", "--model", "models/gloss-tiny"] + options,
          input: Data(#"{"user":"ana","text":"The café has awful battery life"}"#.utf8))
        return try Program.run(
          ["annotate", "--records", "-", "--store", store], input: Data(classified.output.utf8))
      }
      #expect(try records().status == 0)
      let counted = try records("--offsets", "utf8")
      #expect(counted.status == 1)
      #expect(counted.messages.contains("its offsets count utf8, not Unicode scalars"))
      let partly = try records("--head", "sentiment")
      #expect(partly.messages.contains("entities is missing, leave out --head"))
      for option in [
        ["--model", "models/gloss-tiny"], ["--format", "csv"], ["--precision", "bfloat16"],
      ] {
        let silent = try Program.run(["annotate", "--records", "-", "--store", store] + option)
        #expect(silent.status == 64 && silent.messages.contains("--records reads no reviews"))
      }
    }
  }

  @Test func whatIsErasedIsToldWhereItCannotBeWritten() throws {
    try withThreeUsers { store, _ in
      let erased = try Program.run(
        "profile", "erase", "user-1", "--receipt", "/dev/full", "--store", store)
      #expect(erased.status == 2 && erased.messages.contains("'user-1' is erased; the receipt: {"))
      let unknown = try Program.run("profile", "unmerge", "user-1", "--store", store)
      #expect(unknown.status == 1)
      let statistics = try Program.run("profile", "stats", "--json", "--store", store)
      #expect(statistics.output.contains(#""profiles":2"#))
    }
  }

  @Test func noOutputOverwritesTheStore() throws {
    try withThreeUsers { store, rows in
      for arguments in [
        ["profile", "export", "--out", store], ["profile", "erase", "user-1", "--receipt", store],
        ["annotate", "-", "--records", "--summary", store],
      ] {
        let result = try Program.run(arguments + ["--store", store], input: rows)
        #expect(result.status == 64 && result.messages.contains("is the store too"))
      }
      // What cannot be told is not erased.
      let receipt = store + ".none/receipt.json"
      let erased = try Program.run(
        "profile", "erase", "user-1", "--receipt", receipt, "--store", store)
      #expect(erased.status == 2)
      #expect(try export(store).split(separator: "\n").count == 3)
      for status in [0, 0, 1] {
        let user = status == 0 ? "user-1" : "nobody"
        let result = try Program.run("profile", "erase", user, "--store", store)
        #expect(result.status == Int32(status), "\(result.messages)")
      }
    }
  }

  @Test func recordsThatNoModelWritesAreRejectedAlone() throws {
    try withTemporaryFolder { folder in
      let (store, bad) = (folder.path + "/s.sqlite", folder.path + "/bad.jsonl")
      var lines = records(5).split(separator: "\n").map(String.init)
      for (index, (part, other)) in [
        ("\"probabilities\":[", "\"probabilities\":[0,"),
        ("\"confidence\":1", "\"confidence\":1e300"),
        ("\"tokens\":9", "\"tokens\":9223372036854775807"),
      ].enumerated() {
        #expect(lines[index].contains(part))
        lines[index] = lines[index].replacing(part, with: other, maxReplacements: 1)
      }
      let result = try Program.run(
        ["annotate", "-", "--records", "--store", store, "--rejects", bad],
        input: Data(lines.joined(separator: "\n").utf8))
      #expect(result.status == 1)
      #expect(result.messages.contains("5 read = 2 glossed + 0 abstained + 3 rejected"))
      let rejects = try String(contentsOfFile: bad, encoding: .utf8)
      #expect(rejects.contains("6 probabilities, expected 5; write it anew with gloss classify"))
      #expect(try export(store).split(separator: "\n").count == 2)
    }
  }
}

extension Process {
  fileprivate func terminate(with signal: Int32) {
    kill(processIdentifier, signal)
    waitUntilExit()
  }
}
