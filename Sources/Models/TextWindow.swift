/// One window of a text: the pieces it reads, and those whose hidden states are taken from it.
public struct TextWindow: Equatable, Sendable {
  /// What the encoder sees at once.
  public let pieces: Range<Int>
  /// The pieces that are read from this window and from no other.
  public let owned: Range<Int>

  /// The windows of a text of `count` pieces, in order; the last one ends with the text.
  ///
  /// Neighbours share at least the shape's overlap. A window begins with a sentence where one
  /// begins in its room, and neighbours divide what they share where a sentence begins near the
  /// middle, else in the middle. `breaks` are the pieces that begin sentences, ascending.
  public static func windows(
    of count: Int, shape: ModelShape, breaks: [Int] = []
  ) -> [TextWindow] {
    let size = shape.windowSize
    guard count > size else { return [TextWindow(pieces: 0..<count, owned: 0..<count)] }
    var starts = [0]
    var next = 0
    while let start = starts.last, start + size < count {
      let latest = start + size - shape.windowOverlap
      while next < breaks.count, breaks[next] <= start { next += 1 }
      let room = breaks[next...].prefix { $0 <= latest }
      if count - size <= latest {
        // The last window reaches back as far as it can, for the context.
        starts.append(room.first { $0 >= count - size } ?? count - size)
      } else {
        starts.append(room.last { $0 >= start + size / 2 } ?? latest)
      }
    }
    var first = 0
    return starts.indices.map { index in
      let start = starts[index]
      let end = min(start + size, count)
      let isLast = index == starts.count - 1
      let last = isLast ? count : max(first + 1, boundary(starts[index + 1], end, breaks))
      defer { first = last }
      return TextWindow(pieces: start..<end, owned: first..<last)
    }
  }

  /// Where two windows that share the pieces `start..<end` divide them.
  private static func boundary(_ start: Int, _ end: Int, _ breaks: [Int]) -> Int {
    let middle = (start + end) / 2
    let reach = (end - start) / 4
    var low = 0
    var high = breaks.count
    while low < high {
      let index = (low + high) / 2
      if breaks[index] < middle - reach { low = index + 1 } else { high = index }
    }
    let near = breaks[low...].prefix { $0 <= middle + reach }
    return near.min { abs($0 - middle) < abs($1 - middle) } ?? middle
  }
}
