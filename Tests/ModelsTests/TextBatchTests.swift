import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct TextBatchTests {
  /// The fixture's shape with other windows.
  private static func shape(_ size: Int, _ overlap: Int) -> ModelShape {
    var shape = Fixture.shape
    (shape.windowSize, shape.windowOverlap) = (size, overlap)
    return shape
  }

  private static let shapes = [
    (1, 0), (2, 0), (2, 1), (3, 1), (5, 2), (7, 0), (16, 4), (16, 8), (33, 16), (64, 1),
  ].map { shape($0, $1) }

  @Test(arguments: shapes) func windowsCoverATextOfAnyLength(_ shape: ModelShape) {
    for count in 1...200 {
      let windows = TextWindow.windows(of: count, shape: shape)
      let place = "\(count) pieces, windows of \(shape.windowSize), \(shape.windowOverlap) shared"
      // Owned ranges follow each other from the first piece to the last.
      #expect(windows.flatMap(\.owned) == Array(0..<count), "\(place)")
      #expect(windows.first?.pieces.lowerBound == 0 && windows.last?.pieces.upperBound == count)
      for window in windows {
        #expect(window.pieces.count <= shape.windowSize, "\(place)")
        #expect(!window.owned.isEmpty, "\(place)")
        #expect(window.owned.clamped(to: window.pieces) == window.owned, "\(place)")
      }
      for (left, right) in zip(windows, windows.dropFirst()) {
        #expect(
          left.pieces.upperBound - right.pieces.lowerBound >= shape.windowOverlap, "\(place)")
        #expect(left.pieces.lowerBound < right.pieces.lowerBound, "\(place)")
      }
      if count <= shape.windowSize { #expect(windows.count == 1, "\(place)") }
    }
  }

  @Test(arguments: shapes) func piecesBelongToTheWindowWhereTheyStandFartherFromTheEdge(
    _ shape: ModelShape
  ) {
    for count in [17, 50, 199] {
      let windows = TextWindow.windows(of: count, shape: shape)
      for (left, right) in zip(windows, windows.dropFirst()) {
        for piece in right.pieces.lowerBound..<left.pieces.upperBound {
          let fromLeftEnd = left.pieces.upperBound - 1 - piece
          let fromRightStart = piece - right.pieces.lowerBound
          // Where three windows share a piece, the outer two have no claim.
          if left.owned.contains(piece) { #expect(fromLeftEnd >= fromRightStart) }
          if right.owned.contains(piece) { #expect(fromRightStart >= fromLeftEnd) }
        }
      }
    }
  }

  @Test func packsWindowsEndToEnd() {
    let texts: [[Int32]] = [[1, 2], [10, 11, 12, 13, 14, 15], [20]]
    let batch = TextBatch(texts, shape: Self.shape(4, 2))
    #expect(batch.ids == [1, 2, 10, 11, 12, 13, 12, 13, 14, 15, 20])
    #expect(batch.windowLengths == [2, 4, 4, 1])
    #expect(batch.textRows == [0..<2, 2..<8, 8..<9])
    #expect(batch.owners == [0, 1, 2, 3, 4, 7, 8, 9, 10])
  }

  @Test func noTextsGiveAnEmptyBatch() {
    let batch = TextBatch([], shape: Fixture.shape)
    #expect(batch.ids.isEmpty && batch.windowLengths.isEmpty && batch.textRows.isEmpty)
  }

  @Test func stitchedAndUnstitchedAreTheIdentityForShortTexts() {
    let workspace = Workspace()
    let batch = TextBatch([Fixture.ids(16, seed: 1), [7]], shape: Fixture.shape)
    let states = workspace.matrix(rows: 17, columns: 3)
    states.copy(from: randomValues(51, seed: 2))
    #expect(batch.stitched(states, workspace).values == states.values)
    #expect(batch.unstitched(states, workspace).values == states.values)
  }

  @Test func stitchedStatesFollowTheTextsOrder() {
    let workspace = Workspace()
    let texts = [40, 3, 17, 16].enumerated().map { Fixture.ids($1, seed: UInt64($0)) }
    let batch = TextBatch(texts, shape: Fixture.shape)
    // The states are the pieces themselves, so stitching has to give the texts back.
    let states = workspace.matrix(rows: batch.ids.count, columns: 1)
    states.copy(from: batch.ids.map(Float.init))
    let stitched = batch.stitched(states, workspace)
    #expect(stitched.values == texts.flatMap { $0 }.map(Float.init))
    for (text, rows) in zip(texts, batch.textRows) {
      #expect(stitched.rows(rows).values == text.map(Float.init))
    }
  }

  @Test(arguments: shapes) func unstitchedIsTheAdjointOfStitched(_ shape: ModelShape) {
    let workspace = Workspace()
    let batch = TextBatch([50, 1, 17, 120].map { Fixture.ids($0, seed: 3) }, shape: shape)
    let x = workspace.matrix(rows: batch.ids.count, columns: 2)
    x.copy(from: randomValues(x.count, seed: 4))
    let y = workspace.matrix(rows: 188, columns: 2)
    y.copy(from: randomValues(y.count, seed: 5))
    func dot(_ left: Matrix, _ right: Matrix) -> Double {
      zip(left.values, right.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    // <stitched x, y> = <x, unstitched y>: both sum the same products, so they agree closely.
    let left = dot(batch.stitched(x, workspace), y)
    let right = dot(x, batch.unstitched(y, workspace))
    #expect(abs(left - right) < 1e-9)
    #expect(abs(left) > 0.1)
  }
}
