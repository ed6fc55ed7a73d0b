import Foundation
public import Tensors

/// The angles by which rotary positions turn each pair of a head's columns.
///
/// Position p turns pair i (columns i and i + size / 2) by p * 10000^(-2i / size).
/// Source: Su et al., RoFormer, 2021, section 3.2.2.
public struct RotaryPositions: Equatable, Sendable {
  /// Columns of one attention head; even.
  public let attentionHeadSize: Int
  private let cosines: [Float]
  private let sines: [Float]

  /// The angles of positions 0..<maximumLength.
  public init(attentionHeadSize: Int, maximumLength: Int) {
    precondition(attentionHeadSize % 2 == 0, "an attention head of \(attentionHeadSize) columns")
    self.attentionHeadSize = attentionHeadSize
    let angles = (0..<maximumLength).flatMap { position in
      (0..<attentionHeadSize / 2).map { pair in
        Double(position) * pow(10_000, -2 * Double(pair) / Double(attentionHeadSize))
      }
    }
    cosines = angles.map { Float(cos($0)) }
    sines = angles.map { Float(sin($0)) }
  }

  /// Turns every head of `values` [L, heads * size] by its row's position, or back.
  public func rotate(_ values: Matrix, forward: Bool) {
    Kernels.rotary(
      values, headSize: attentionHeadSize, cosines: cosines, sines: sines, forward: forward)
  }
}
