import Tensors
import Testing

@testable import Models

@Suite struct TextWindowTests {
  private static func shape(_ size: Int, _ overlap: Int) -> ModelShape {
    var shape = Fixture.shape
    (shape.windowSize, shape.windowOverlap) = (size, overlap)
    return shape
  }

  private static let shapes = [
    (1, 0), (2, 1), (3, 1), (5, 2), (7, 0), (16, 8), (33, 16), (64, 1), (128, 32),
  ].map { shape($0, $1) }

  @Test(arguments: shapes, [1, 3, 10, 40]) func windowsCoverATextWhereverSentencesBegin(
    _ shape: ModelShape, sentence: Int
  ) {
    var random = SeededRandom(seed: UInt64(sentence))
    for count in [1, 2, 17, 64, 65, 199, 1_000] {
      let breaks = (1..<max(2, count)).filter { _ in random.nextInt(below: sentence) == 0 }
      let windows = TextWindow.windows(of: count, shape: shape, breaks: breaks)
      let place = "\(count) pieces, windows of \(shape.windowSize), \(shape.windowOverlap) shared"
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
    }
  }

  @Test func windowsBeginWithSentencesWhereTheyCan() {
    let shape = Self.shape(20, 6)
    // Sentences of five pieces.
    let windows = TextWindow.windows(
      of: 60, shape: shape, breaks: Array(stride(from: 5, to: 60, by: 5)))
    #expect(windows.map(\.pieces) == [0..<20, 10..<30, 20..<40, 30..<50, 40..<60])
    #expect(windows.map(\.owned) == [0..<15, 15..<25, 25..<35, 35..<45, 45..<60])
    // No sentence begins in the room of the second window.
    #expect(TextWindow.windows(of: 30, shape: shape, breaks: [3, 4])[1].pieces == 10..<30)
  }
}
