import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct AdamWTests {
  /// A matrix of 35 values, which decays, and a vector of 9, which does not.
  private static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.addMatrix(
      "weight", rows: 5, columns: 7, initialization: .normal(standardDeviation: 1))
    _ = layout.addVector("bias", size: 9, initialization: .ones)
    return layout
  }()
  private static let matrixCount = 35

  /// Parameters and moments, and the gradients of step after step.
  private struct Run {
    let parameters = ParameterBuffer(layout)
    let first = ParameterBuffer(layout)
    let second = ParameterBuffer(layout)
    let gradients = ParameterBuffer(layout)
    let optimizer: AdamW

    init(weightDecay: Float) {
      optimizer = AdamW(weightDecay: weightDecay)
      parameters.initialize(seed: 1)
    }

    func step(
      _ number: Int, gradient: [Float], learningRate: Float, scale: Float = 1,
      ranges: [Range<Int>] = [0..<layout.count]
    ) {
      gradients.all.copy(from: gradient)
      for range in ranges {
        optimizer.update(
          parameters, range: range, gradients: gradients, firstMoments: first,
          secondMoments: second, step: number, learningRate: learningRate, gradientScale: scale)
      }
    }
  }

  /// Algorithm 2 of the paper, in double, on one parameter.
  private struct TwinParameter {
    var value: Double
    let decay: Double
    var first = 0.0
    var second = 0.0

    mutating func step(_ number: Int, gradient: Double, rate: Double, _ settings: AdamW) {
      let (beta1, beta2) = (Double(settings.beta1), Double(settings.beta2))
      first = beta1 * first + (1 - beta1) * gradient
      second = beta2 * second + (1 - beta2) * gradient * gradient
      let corrected = first / (1 - pow(beta1, Double(number)))
      let root = (second / (1 - pow(beta2, Double(number)))).squareRoot()
      value -= rate * (corrected / (root + Double(settings.epsilon)) + decay * value)
    }
  }

  @Test func tenStepsEqualTwin() {
    let run = Run(weightDecay: 0.1)
    var twins = run.parameters.all.values.enumerated().map { index, value in
      TwinParameter(
        value: Double(value), decay: index < Self.matrixCount ? Double(0.1 as Float) : 0)
    }
    for step in 1...10 {
      // Gradients of all magnitudes, halved by clipping, under a rate that changes.
      let gradient = randomValues(Self.layout.count, seed: UInt64(step)).enumerated()
        .map { $1 * pow(10, Float($0 % 7) - 4) }
      let rate = 0.01 * Float(step)
      run.step(step, gradient: gradient, learningRate: rate, scale: 0.5)
      for index in twins.indices {
        twins[index].step(
          step, gradient: 0.5 * Double(gradient[index]), rate: Double(rate), run.optimizer)
      }
    }
    // Ten steps of half a dozen roundings each; 1 - 0.98 loses two digits to cancellation.
    #expect(relativeDifference(run.parameters.all.values, twins.map(\.value)) < 1e-5)
    #expect(relativeDifference(run.first.all.values, twins.map(\.first)) < 1e-5)
    #expect(relativeDifference(run.second.all.values, twins.map(\.second)) < 1e-5)
  }

  @Test func firstStepMovesByTheRateWhateverTheGradient() {
    let run = Run(weightDecay: 0)
    let before = run.parameters.all.values
    let signs = (0..<Self.layout.count).map { $0 % 2 == 0 ? Float(1) : -1 }
    run.step(1, gradient: signs.map { $0 * 37 }, learningRate: 0.125)
    // Without bias correction the first step would be 0.1 / sqrt(0.02) as long.
    let expected = zip(before, signs).map { Double($0) - 0.125 * Double($1) }
    #expect(relativeDifference(run.parameters.all.values, expected) < 1e-6)
  }

  @Test func matricesDecayAndVectorsDoNot() {
    let run = Run(weightDecay: 0.2)
    let before = run.parameters.all.values
    for step in 1...10 {
      run.step(
        step, gradient: Array(repeating: 0, count: Self.layout.count), learningRate: 0.5)
    }
    let after = run.parameters.all.values
    let expected = before.prefix(Self.matrixCount).map { Double($0) * pow(0.9, 10) }
    #expect(relativeDifference(Array(after.prefix(Self.matrixCount)), expected) < 1e-5)
    #expect(after.suffix(9) == before.suffix(9))
  }

  @Test func clippingEqualsSmallerGradients() {
    let (clipped, small) = (Run(weightDecay: 0.1), Run(weightDecay: 0.1))
    let gradient = randomValues(Self.layout.count, seed: 3)
    for step in 1...3 {
      clipped.step(step, gradient: gradient, learningRate: 0.1, scale: 0.25)
      small.step(step, gradient: gradient.map { $0 * 0.25 }, learningRate: 0.1)
    }
    #expect(clipped.parameters.all.values == small.parameters.all.values)
  }

  @Test(arguments: [[0..<1, 1..<44], [0..<17, 17..<38, 38..<44], [0..<35, 35..<44, 44..<44]])
  func partsEqualTheWhole(ranges: [Range<Int>]) {
    let (whole, parts) = (Run(weightDecay: 0.1), Run(weightDecay: 0.1))
    let gradient = randomValues(Self.layout.count, seed: 4)
    for step in 1...3 {
      whole.step(step, gradient: gradient, learningRate: 0.1)
      parts.step(step, gradient: gradient, learningRate: 0.1, ranges: ranges)
    }
    #expect(whole.parameters.all.values == parts.parameters.all.values)
  }

  @Test func lateStepsNeedNoCorrection() {
    let run = Run(weightDecay: 0)
    let before = run.parameters.all.values
    run.step(
      1_000_000, gradient: Array(repeating: 1, count: Self.layout.count), learningRate: 0.1)
    let expected = before.map { Double($0) - 0.1 * 0.1 / 0.02.squareRoot() }
    #expect(relativeDifference(run.parameters.all.values, expected) < 1e-5)
  }
}
