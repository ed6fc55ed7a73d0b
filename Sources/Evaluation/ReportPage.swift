/// A report on a model as one page: HTML that is XML as well, with its style and drawings in it,
/// without scripts, and without a word to the network.
struct ReportPage {
  let report: EvaluationReport
  /// Those of each corpus, the surest errors first.
  let mistakes: [[Mistake]]

  /// `mistakes` are those of each corpus of the report.
  init(_ report: EvaluationReport, mistakes: [[Mistake]]) {
    precondition(mistakes.count == report.corpora.count, "mistakes of other corpora")
    self.report = report
    self.mistakes = mistakes
  }

  /// The whole page.
  var html: String {
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'"/>
      <title>Evaluation of \(report.model)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      \(contents)
      <main>
      <header><p class="kind">Evaluation</p><h1><bdi>\(report.model)</bdi></h1>
      <p>\(extent)</p></header>
      <section id="overview"><h2>Overview</h2>
      \(overview)
      \(Self.words)
      </section>
      \(groups)
      <section id="corpora"><h2>Corpora</h2>
      \(corpora)
      </section>
      </main>
      </body>
      </html>

      """
    return page.source
  }

  /// The name of a corpus's section in links; `#` goes before it.
  func anchor(_ index: Int) -> String { "corpus-\(index + 1)" }

  private var extent: Markup {
    let splits = Set(report.corpora.map(\.split)).sorted().joined(separator: ", ")
    let texts = report.corpora.reduce(0) { $0 + $1.texts }
    let count = report.corpora.count
    if count == 0 { return "No corpus was evaluated." }
    return """
      \(texts) texts of the \(splits) split of \(count) \(count == 1 ? "corpus" : "corpora"). \
      The same figures are in <a href="metrics.json">metrics.json</a>, every mistake but those of \
      polarity is in \
      <a href="mistakes.jsonl">mistakes.jsonl</a>.
      """
  }

  private var contents: Markup {
    let corpora: [Markup] = report.corpora.enumerated().map { index, corpus in
      let figures: [Markup] = corpus.heads.prefix(1).map {
        "<span class=\"number\">\($0.scores.figure)</span>"
      }
      return "<li><a href=\"#\(anchor(index))\"><bdi>\(corpus.corpus)</bdi></a>\(figures)</li>\n"
    }
    return """
      <nav aria-label="Contents"><ul class="parts"><li><a href="#overview">Overview</a></li>
      <li><a href="#domain">By domain</a></li><li><a href="#language">By language</a></li>
      <li><a href="#length">By length</a></li></ul>
      <ul class="corpora">\(corpora)</ul></nav>
      """
  }

  private var groups: Markup {
    """
    <section id="domain"><h2>By domain</h2>
    \(groupedTable(
      report.byDomain, by: "domain",
      caption: "Means over the corpora of a domain, each counted as often as it has texts. Corpora "
        + "ask different things, two classes here and five there, so compare the model with its "
        + "neighbours in a row rather than domains with each other."))
    </section>
    <section id="language"><h2>By language</h2>
    \(groupedTable(
      report.by("language"), by: "language",
      caption: "By the script of the text: und is neither English nor Chinese. Texts of a corpus in "
        + "a language in which it marks nothing are left out."))
    </section>
    <section id="length"><h2>By length</h2>
    \(groupedTable(
      report.by("length"), by: "pieces",
      caption: "By the number of pieces that the tokenizer makes of the text. Texts of a corpus at a "
        + "length at which it marks nothing are left out."))
    </section>
    """
  }

  private var corpora: [Markup] {
    zip(report.corpora, mistakes).enumerated().map { index, corpus in
      CorpusSection(
        report: corpus.0, mistakes: corpus.1, anchor: anchor(index),
        isOpen: report.corpora.count == 1
      ).markup
    }
  }

  /// What the words of the page mean.
  private static let words: Markup = """
    <details class="words"><summary>What the words mean</summary><dl>
    <dt>accuracy</dt><dd>The share of answers that are right.</dd>
    <dt>precision, recall, F1</dt><dd>The share of what the model marks that is right; the share \
    of what there is that it finds; their harmonic mean. A span is right where its type and both \
    its ends are.</dd>
    <dt>micro, macro</dt><dd>Over all answers together; the plain mean over labels, in which rare \
    labels count as much as common ones.</dd>
    <dt>95 % interval</dt><dd>The texts of a split are a sample. Of 1,000 samples drawn anew from \
    them, 95 of 100 gave a figure within the interval. Two models whose intervals overlap may well \
    be as good as each other.</dd>
    <dt>linear</dt><dd>The model over n-grams that is part of this one, alone. Where it comes \
    near, words alone tell the answer. Of intents it gives what it finds likelier than one half; \
    the model has thresholds of its own.</dd>
    <dt>majority</dt><dd>Always the commonest answer of the split. A figure is worth what it is \
    above this one.</dd>
    <dt>calibration error</dt><dd>The mean distance between how sure the model is and how often \
    it is right.</dd>
    <dt>label doubtful</dt><dd>The model is at least as sure of its own answer as it usually is \
    of texts that the corpus labels so, and its linear part, where it has one, agrees: look at the label \
    first. Of spans: it is at least 0.9 sure of one where the corpus has none.</dd>
    </dl></details>
    """
}
