/// What a report page says of one corpus.
struct CorpusSection {
  let report: CorpusReport
  /// The surest errors first.
  let mistakes: [Mistake]
  /// The section's name in links.
  let anchor: String
  let isOpen: Bool

  var markup: Markup {
    let facts = [report.domain, report.split].compactMap(\.self).joined(separator: ", ")
    let figures: [Markup] = report.heads.map {
      " <span class=\"head\">\($0.head) <b>\($0.scores.figure)</b></span>"
    }
    let heads: [Markup] = report.heads.map(section)
    // A link to what is inside of a closed section opens it.
    return """
      <details class="corpus"\(Markup.when(isOpen, " open=\"open\""))><summary>\
      <h3><bdi>\(report.corpus)</bdi></h3> \
      <span class="facts">\(facts), \(report.texts) texts</span>\(figures)</summary>
      <div id="\(anchor)">\(heads)</div></details>

      """
  }

  private func section(_ head: HeadReport) -> Markup {
    let list = MistakeList(
      mistakes: mistakes.filter { $0.head == head.head }, anchor: "\(anchor)-\(head.head)",
      hasLinear: head.linear != nil)
    return """
      <section id="\(anchor)-\(head.head)"><h4>\(head.head)</h4>
      <div class="panels">
      \(labels(head))
      \(head.confusion.map(confusion) ?? "")
      \(head.reliability.map { reliability($0, of: head.head) } ?? "")
      \(head.reliability.map(coverage) ?? "")
      </div>
      \(Markup.when(head.head != "polarity", list.markup))
      </section>

      """
  }

  private func labels(_ head: HeadReport) -> Markup {
    let scores = head.scores
    let hasLinear = head.linear != nil
    func row(_ name: Markup, _ scores: Scores, linear: Scores?) -> Markup {
      """
      <tr><th scope="row">\(name)</th><td>\(scores.precision)</td><td>\(scores.recall)</td>\
      <td class="figure">\(scores.f1)</td>\(Markup.when(hasLinear, "<td>\(linear?.f1)</td>"))\
      <td>\(scores.support)</td></tr>

      """
    }
    let rows: [Markup] = scores.labels.sorted { $0.key < $1.key }.map {
      row("<bdi>\($0.key)</bdi>", $0.value, linear: head.linear?.labels[$0.key])
    }
    let accuracy: Markup =
      scores.accuracy.map { "Accuracy <b>\($0)</b>\(range(scores.intervals?.accuracy)). " } ?? ""
    let micro: Markup = """
      Micro F1 <b>\(scores.micro.f1)</b>\(range(scores.intervals?.microF1)). \

      """
    return """
      <figure><div class="wide"><table class="labels"><caption>Labels</caption>
      <thead><tr><th scope="col">label</th><th scope="col">precision</th>\
      <th scope="col">recall</th><th scope="col">F1</th>\
      \(Markup.when(hasLinear, "<th scope=\"col\">linear F1</th>"))\
      <th scope="col">support</th></tr></thead>
      <tbody>\(rows)</tbody>
      <tfoot>\(row("micro", scores.micro, linear: head.linear?.micro))\
      \(row("macro", scores.macro, linear: head.linear?.macro))</tfoot></table></div>\
      <figcaption>\(accuracy)\(Markup.when(head.measure == "micro F1", micro))Macro F1 \
      <b>\(scores.macro.f1)</b>\(range(scores.intervals?.macroF1)). \
      In brackets, 95 % intervals.</figcaption></figure>
      """
  }

  private func range(_ interval: Interval?) -> Markup {
    interval.map { " (\($0.low)–\($0.high))" } ?? ""
  }

  private func confusion(_ confusion: Confusion) -> Markup {
    let columns: [Markup] = confusion.classes.map { "<th scope=\"col\"><bdi>\($0)</bdi></th>" }
    let rows: [Markup] = confusion.classes.indices.map { gold in
      let total = confusion.counts[gold].reduce(0, +)
      let cells: [Markup] = confusion.classes.indices.map { predicted in
        let count = confusion.counts[gold][predicted]
        let share = ratio(count, total)
        let kind = (gold == predicted ? "right" : "wrong") + (share > 0.55 ? " deep" : "")
        return """
          <td class="\(kind)" style="--share:\(share)">\(count)<small>\(share)</small></td>
          """
      }
      return "<tr><th scope=\"row\"><bdi>\(confusion.classes[gold])</bdi></th>\(cells)</tr>\n"
    }
    return """
      <figure><div class="wide"><table class="confusion"><caption>Confusion matrix</caption>
      <thead><tr><td></td>\(columns)</tr></thead><tbody>\(rows)</tbody></table></div>\
      <figcaption>A row is what the corpus says, a column what the model says; below each count \
      its share of the row. \(commonest(confusion))</figcaption></figure>
      """
  }

  /// The commonest error, in words.
  private func commonest(_ confusion: Confusion) -> Markup {
    let pairs = confusion.classes.indices.flatMap { gold in
      confusion.classes.indices.filter { $0 != gold }.map { (gold: gold, predicted: $0) }
    }
    func count(_ pair: (gold: Int, predicted: Int)) -> Int {
      confusion.counts[pair.gold][pair.predicted]
    }
    guard let most = pairs.max(by: { count($0) < count($1) }), count(most) > 0 else { return "" }
    return """
      Most often <bdi>\(confusion.classes[most.gold])</bdi> is taken for \
      <bdi>\(confusion.classes[most.predicted])</bdi>: \(count(most)) times.
      """
  }

  private func reliability(_ reliability: Reliability, of head: String) -> Markup {
    guard let fullest = reliability.bins.max(by: { $0.count < $1.count }) else { return "" }
    let isOfLabels = head == "intents"
    let before: Markup =
      reliability.errorBefore.map { "; of the encoder alone, uncalibrated, <b>\($0)</b>" } ?? ""
    let reading: Markup
    if isOfLabels {
      reading = """
        On the diagonal a label is there as often as it is said to be. The largest point: of \
        \(fullest.count) labels said to be about \(fullest.confidence) likely, \(fullest.accuracy) \
        are there.
        """
    } else {
      reading = """
        On the diagonal the model is as sure as it is right; below it, too sure. The largest \
        point: \(fullest.count) answers about \(fullest.confidence) sure, \(fullest.accuracy) of \
        them right.
        """
    }
    return """
      <figure>\(reliability.diagram(isOfLabels: isOfLabels))<figcaption>\
      <strong>Reliability.</strong> \(reading) Calibration error \
      <b>\(reliability.error)</b>\(before).</figcaption></figure>
      """
  }

  private func coverage(_ reliability: Reliability) -> Markup {
    // What withholding the less sure half, about, is worth.
    let sure = reliability.coverage.filter { $0.minimum > 0 && $0.coverage > 0 }
    guard let all = reliability.coverage.first,
      let half = sure.min(by: { abs($0.coverage - 0.5) < abs($1.coverage - 0.5) })
    else { return "" }
    return """
      <figure>\(reliability.coverageCurve)<figcaption><strong>Coverage.</strong> Beside the \
      points, how sure an answer has to be to be given: the surer, the fewer, and the more of \
      them right. How sure is told among this corpus's own answers; <code>--min-confidence</code> \
      is of negative, neutral and positive. Of all answers <b>\(all.accuracy)</b> are right; of \
      those at least \(half.minimum) sure, a share of <b>\(half.coverage)</b>, <b>\(half.accuracy)</b> \
      are.</figcaption></figure>
      """
  }
}
