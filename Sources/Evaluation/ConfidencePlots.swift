/// The plots of how far confidences can be believed.
extension Reliability {
  /// A point for each bin, as large as it is full; on the diagonal where the confidence is right.
  ///
  /// `isOfLabels` tells confidences in labels, there or not, from those in answers.
  func diagram(isOfLabels: Bool) -> Markup {
    let across = isOfLabels ? "how likely a label is said to be" : "how sure the model is"
    let up = isOfLabels ? "how often it is there" : "how often it is right"
    let frame = PlotFrame(
      title: "Reliability diagram: \(up) by \(across)", across: across, up: up)
    let fullest = Double(bins.map(\.count).max() ?? 1)
    let points: [Markup] = bins.map { bin in
      let (x, y) = (frame.x(bin.confidence), frame.y(bin.accuracy))
      // The area says how many.
      let radius = max(2, 11 * (Double(bin.count) / fullest).squareRoot())
      return """
        <g><title>\(bin.count) of confidence \(bin.confidence), share right \
        \(bin.accuracy)</title>\
        <path class="gap" d="M\(at: x) \(at: frame.y(bin.confidence))V\(at: y)"/>\
        <circle class="model" cx="\(at: x)" cy="\(at: y)" r="\(at: radius)"/></g>
        """
    }
    return frame.markup(
      """
      <path class="diagonal" d="M\(at: frame.x(0)) \(at: frame.y(0))\
      L\(at: frame.x(1)) \(at: frame.y(1))"/>\(points)
      """)
  }

  /// Accuracy against the share of answers given, as the least confidence rises.
  var coverageCurve: Markup {
    // Of a few answers the share says nothing.
    let total = bins.reduce(0) { $0 + $1.count }
    let shown = coverage.filter { $0.coverage * Double(total) >= 10 }
    let least = shown.map(\.accuracy).min() ?? 0
    let frame = PlotFrame(
      title: "Coverage curve: how often answers are right when the less sure ones are withheld",
      across: "share of answers given", up: "share of them right",
      lowest: min(0.9, (least * 10).rounded(.down) / 10))
    let places = shown.map { (x: frame.x($0.coverage), y: frame.y($0.accuracy)) }
    let path: [Markup] = places.enumerated().map { index, place in
      "\(index == 0 ? "M" : "L")\(at: place.x) \(at: place.y)"
    }
    let points: [Markup] = zip(shown, places).map { point, place in
      """
      <circle class="model" cx="\(at: place.x)" cy="\(at: place.y)" r="3"><title>at least \
      \(point.minimum) sure: \(point.coverage) of the answers, \
      \(point.accuracy) of them right</title></circle>
      """
    }
    return frame.markup("<path class=\"line\" d=\"\(path)\"/>\(points)\(marks(shown, frame))")
  }

  /// The least confidence beside points that are far enough from each other.
  private func marks(_ shown: [Coverage], _ frame: PlotFrame) -> [Markup] {
    var marks: [Markup] = []
    var last = Double.infinity
    for point in shown where point.minimum > 0 {
      let (x, y) = (frame.x(point.coverage), frame.y(point.accuracy))
      guard last - x >= 38 else { continue }
      last = x
      // The curve falls to the right, so there is room below, and at its upper end above.
      let isEnd = point.coverage <= 0.2
      let place = isEnd ? (x: x + 4, y: y - 6) : (x: x - 5, y: y + 14)
      marks.append(
        """
        <text x="\(at: place.x)" y="\(at: place.y)" text-anchor="\(isEnd ? "start" : "end")">\
        \(PlotFrame.label(point.minimum))</text>
        """)
    }
    return marks
  }
}
