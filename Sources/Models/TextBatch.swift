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
  /// The rows of each text in the stitched hidden states.
  public let textRows: [Range<Int>]
  /// The window row of each stitched row; nil where every text fits one window.
  let owners: [Int32]?

  /// Packs `texts`, each a list of at least one piece.
  public init(_ texts: [[Int32]], shape: ModelShape) {
    var ids: [Int32] = []
    var windowLengths: [Int] = []
    var textRows: [Range<Int>] = []
    var owners: [Int32] = []
    var isSplit = false
    for text in texts {
      precondition(!text.isEmpty, "a text without pieces")
      let windows = TextWindow.windows(of: text.count, shape: shape)
      isSplit = isSplit || windows.count > 1
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
    self.textRows = textRows
    self.owners = isSplit ? owners : nil
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
