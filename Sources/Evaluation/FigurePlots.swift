/// A figure from 0 to 1 as a bar, with the figures it stands beside as marks on the same scale.
struct FigureBar {
  var figure: Double
  var interval: Interval?
  var linear: Double?
  var majority: Double?

  /// The bar, its whisker over the interval, a ring at the linear model's figure, a tick at the
  /// majority's; as wide as there is room.
  var markup: Markup {
    let whisker: Markup =
      interval.map { interval in
        let (low, high) = (Self.x(interval.low), Self.x(interval.high))
        let cap = { (x: Double) -> Markup in Self.line("whisker", x, x, from: 4, to: 10) }
        return "\(Self.line("whisker", low, high, from: 7, to: 7))\(cap(low))\(cap(high))"
      } ?? ""
    let ring: Markup =
      linear.map { "<circle class=\"linear\" cx=\"\(at: Self.x($0))%\" cy=\"15.5\" r=\"3\"/>" }
      ?? ""
    let tick = majority.map { Self.line("majority", Self.x($0), Self.x($0), from: 0, to: 14) } ?? ""
    let grid = [0, 0.25, 0.5, 0.75, 1].map {
      Self.line("grid", Self.x($0), Self.x($0), from: 0, to: 20)
    }
    return """
      <svg class="bar" role="img"><title>\(title)</title>\(grid)\
      <rect class="model" x="\(at: Self.x(0))%" y="3" \
      width="\(at: Self.x(figure) - Self.x(0))%" height="8"/>\(tick)\(ring)\(whisker)</svg>
      """
  }

  /// The scale of the bars, for the head of their column.
  static let axis: Markup = """
    <svg class="bar axis" role="img"><title>from 0 to 1</title>\
    <text x="\(at: x(0))%" y="15" text-anchor="middle">0</text>\
    <text x="\(at: x(0.5))%" y="15" text-anchor="middle">0.5</text>\
    <text x="\(at: x(1))%" y="15" text-anchor="middle">1</text></svg>
    """

  private var title: Markup {
    let between: Markup =
      interval.map { ", 95 % interval \($0.low) to \($0.high)" } ?? ""
    let others: [Markup] = [
      linear.map { "; linear model \($0)" } ?? "",
      majority.map { "; majority \($0)" } ?? "",
    ]
    return "model \(figure)\(between)\(others)"
  }

  /// Where a figure is, in per cent of the width.
  private static func x(_ value: Double) -> Double { 4 + 92 * value }

  private static func line(
    _ kind: String, _ left: Double, _ right: Double, from top: Int, to bottom: Int
  ) -> Markup {
    """
    <line class="\(kind)" x1="\(at: left)%" x2="\(at: right)%" y1="\(top)" y2="\(bottom)"/>
    """
  }
}

/// A square of two scales, for points and lines.
struct PlotFrame {
  var title: String
  var across: String
  var up: String
  /// What stands at the lower end of the vertical scale; 1 at its upper end.
  var lowest = 0.0

  private static let (left, top, width, height) = (58.0, 14.0, 226.0, 190.0)

  func x(_ value: Double) -> Double { Self.left + Self.width * value }

  func y(_ value: Double) -> Double {
    Self.top + Self.height * (1 - value) / (1 - lowest)
  }

  /// The frame with `content` in it.
  func markup(_ content: Markup) -> Markup {
    let quarters = [0, 0.25, 0.5, 0.75, 1]
    let columns: [Markup] = quarters.map { value in
      """
      <path class="grid" d="M\(at: x(value)) \(at: y(1))V\(at: y(lowest))"/>\
      <text x="\(at: x(value))" y="219" text-anchor="middle">\(Self.label(value))</text>
      """
    }
    let rows: [Markup] = quarters.map { quarter in
      let value = lowest + (1 - lowest) * quarter
      return """
        <path class="grid" d="M\(at: x(0)) \(at: y(value))H\(at: x(1))"/>\
        <text x="52" y="\(at: y(value) + 4)" text-anchor="end">\(Self.label(value))</text>
        """
    }
    return """
      <svg class="plot" role="img" viewBox="0 0 300 240"><title>\(title)</title>\(columns)\(rows)\
      <text class="axis" x="171" y="237" text-anchor="middle">\(across)</text>\
      <text class="axis" transform="translate(11 109) rotate(-90)" text-anchor="middle">\
      \(up)</text>\
      \(content)</svg>
      """
  }

  /// Without needless zeros: 0, 0.5, 0.875.
  static func label(_ value: Double) -> String {
    let text = "\((value * 1_000).rounded() / 1_000)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
