/// The tables of figures across corpora.
extension ReportPage {
  /// Every head of every corpus, beside simpler systems.
  var overview: Markup {
    let hasLinear = report.corpora.contains { $0.heads.contains { $0.linear != nil } }
    let bodies: [Markup] = report.corpora.enumerated().map { index, corpus in
      let name: Markup = """
        <th scope="rowgroup" rowspan="\(max(1, corpus.heads.count))"><a \
        href="#\(anchor(index))"><bdi>\(corpus.corpus)</bdi></a></th>
        """
      let rows: [Markup] = corpus.heads.enumerated().map { number, head in
        let between = head.scores.intervals?.microF1
        let bar = head.scores.figure.map {
          FigureBar(
            figure: $0, interval: between, linear: head.linear?.figure,
            majority: head.majority.figure)
        }
        let interval: Markup =
          head.scores.figure == nil
          ? "" : between.map { "<small>\($0.low)–\($0.high)</small>" } ?? ""
        return """
          <tr>\(Markup.when(number == 0, name))\
          <th scope="row">\(head.head) <small>\(head.measure)</small></th>\
          <td class="figure">\(head.scores.figure) \(interval)</td>\
          <td class="drawn">\(bar?.markup ?? "")</td>\
          \(Markup.when(hasLinear, "<td>\(head.linear?.figure)</td>"))\
          <td>\(head.majority.figure)</td><td>\(head.texts)</td></tr>
          """
      }
      return rows.isEmpty
        ? """
        <tbody><tr>\(name)<td colspan="6">nothing to compare: no text, no label of ours, or one \
        class alone</td></tr></tbody>

        """
        : "<tbody>\(rows)</tbody>\n"
    }
    return """
      <div class="wide"><table class="figures"><caption>Each task of each corpus. The bar is the \
      model, the whisker its 95 % interval, \
      \(Markup.when(hasLinear, "the ring its linear part alone, "))the tick what always giving \
      the commonest answer reaches.</caption>
      <thead><tr><th scope="col">corpus</th><th scope="col">task</th><th scope="col">model</th>\
      <th scope="col" class="drawn">\(FigureBar.axis)</th>\
      \(Markup.when(hasLinear, "<th scope=\"col\">linear</th>"))\
      <th scope="col">majority</th><th scope="col">texts</th></tr></thead>
      \(bodies)</table></div>
      """
  }

  /// Means over corpora by a property of their texts, a block of rows for each head.
  func groupedTable(_ figures: [GroupedFigure], by property: String, caption: String) -> Markup {
    let heads = HeadReport.order.filter { head in figures.contains { $0.head == head } }
    let hasMajority = figures.contains { $0.majority != nil }
    let hasLinear = figures.contains { $0.linear != nil }
    let bodies: [Markup] = heads.map { head in
      let own = figures.filter { $0.head == head }
      let rows: [Markup] = own.enumerated().map { number, figure in
        let bar = FigureBar(
          figure: figure.figure, linear: figure.linear, majority: figure.majority)
        let name: Markup = """
          <th scope="rowgroup" rowspan="\(own.count)">\(head)</th>
          """
        return """
          <tr>\(Markup.when(number == 0, name))<th scope="row"><bdi>\(figure.group)</bdi></th>\
          <td class="figure">\(figure.figure)</td><td class="drawn">\(bar.markup)</td>\
          \(Markup.when(hasLinear, "<td>\(figure.linear)</td>"))\
          \(Markup.when(hasMajority, "<td>\(figure.majority)</td>"))\
          <td>\(figure.texts)</td><td>\(figure.corpora)</td></tr>
          """
      }
      return "<tbody>\(rows)</tbody>\n"
    }
    return """
      <div class="wide"><table class="figures"><caption>\(caption)</caption>
      <thead><tr><th scope="col">task</th><th scope="col">\(property)</th>\
      <th scope="col">model</th><th scope="col" class="drawn">\(FigureBar.axis)</th>\
      \(Markup.when(hasLinear, "<th scope=\"col\">linear</th>"))\
      \(Markup.when(hasMajority, "<th scope=\"col\">majority</th>"))\
      <th scope="col">texts</th><th scope="col">corpora</th></tr></thead>
      \(bodies)</table></div>
      """
  }
}
