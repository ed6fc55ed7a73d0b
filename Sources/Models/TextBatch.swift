public import Tensors

/// Texts cut into windows and packed end to end for the encoder.
///
/// A text longer than a window is read in overlapping windows. Each piece belongs to the window in
/// which it stands farther from the edge; its hidden state is taken from there, so that the heads
/// meet every piece of a text exactly once, in order, however many windows there were.
public struct TextBatch: Sendable {
  /// The pieces of all windows, end to end.
  public let ids: [Int32]
  /// Number of pieces of each window.
  public let windowLengths: [Int]
  /// Number of windows of each text.
  public let windowCounts: [Int]
  /// The rows of each text in the stitched hidden states.
  public let textRows: [Range<Int>]
  /// The window row of each stitched row; nil where every text fits one window.
  let owners: [Int32]?

  /// Packs `texts`, each a list of at least one piece.
  public init(_ texts: [[Int32]], shape: ModelShape) {
    var ids: [Int32] = []
    var windowLengths: [Int] = []
    var windowCounts: [Int] = []
    var textRows: [Range<Int>] = []
    var owners: [Int32] = []
    var isSplit = false
    for text in texts {
      precondition(!text.isEmpty, "a text without pieces")
      let windows = Self.windows(of: text.count, shape: shape)
      isSplit = isSplit || windows.count > 1
      windowCounts.append(windows.count)
      let start = owners.count
      for window in windows {
        // Where piece 0 of the text would stand if this window reached back to it.
        let origin = ids.count - window.pieces.lowerBound
        owners.append(contentsOf: window.owned.map { Int32(origin + $0) })
        ids.append(contentsOf: text[window.pieces])
        windowLengths.append(window.pieces.count)
      }
      textRows.append(start..<owners.count)
    }
    self.ids = ids
    self.windowLengths = windowLengths
    self.windowCounts = windowCounts
    self.textRows = textRows
    self.owners = isSplit ? owners : nil
  }

  /// One window of a text: the pieces it reads, and those whose hidden states are taken from it.
  struct Window: Equatable {
    let pieces: Range<Int>
    let owned: Range<Int>
  }

  /// The windows of a text of `count` pieces; the last one ends with the text.
  static func windows(of count: Int, shape: ModelShape) -> [Window] {
    let (size, overlap) = (shape.windowSize, shape.windowOverlap)
    guard count > size else { return [Window(pieces: 0..<count, owned: 0..<count)] }
    let step = size - overlap
    var starts = Array(stride(from: 0, to: count - size, by: step))
    starts.append(count - size)
    return starts.indices.map { index in
      let start = starts[index]
      // Neighbours share pieces start of the later ..< end of the earlier; the middle divides them.
      let first = index == 0 ? 0 : (start + starts[index - 1] + size) / 2
      let last = index == starts.count - 1 ? count : (starts[index + 1] + start + size) / 2
      return Window(pieces: start..<start + size, owned: first..<last)
    }
  }

  /// Runs of windows with at most `tokens` pieces together, and the rows they stand in.
  func turns(tokens: Int) -> [(windows: Range<Int>, rows: Range<Int>)] {
    var row = 0
    return runs(of: windowLengths, limit: tokens).map { windows in
      let count = windowLengths[windows].reduce(0, +)
      defer { row += count }
      return (windows, row..<row + count)
    }
  }

  /// The rows of window states that belong to the texts, in order.
  public func stitched(_ windowStates: Matrix, _ workspace: Workspace) -> Matrix {
    guard let owners else { return windowStates }
    let states = workspace.matrix(rows: owners.count, columns: windowStates.columns)
    Kernels.gatherRows(owners, of: windowStates, into: states)
    return states
  }

  /// The gradient of window states from that of stitched ones: undoes `stitched`.
  public func unstitched(_ gradient: Matrix, _ workspace: Workspace) -> Matrix {
    guard let owners else { return gradient }
    let windowGradient = workspace.zeros(rows: ids.count, columns: gradient.columns)
    Kernels.scatterAddRows(gradient, owners, to: windowGradient)
    return windowGradient
  }
}
