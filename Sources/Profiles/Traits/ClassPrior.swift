import Foundation

/// How a population's writers spread over a few classes, and what one writer's reviews add to that.
///
/// A writer has a taste: a share for each class, drawn from a Dirichlet distribution around the
/// population's shares. A review shows a class, and the model reads it with a probability for each.
struct ClassPrior: Codable, Equatable, Sendable {
  /// What the classes count, ascending: stars, or 0 and 1 for a rate.
  var scores: [Double]
  /// The share of each class among all reviews.
  var shares: [Double]
  /// How many reviews' worth the population weighs against a writer's own.
  var concentration: Double

  /// A reading of one review: a probability for each class, and how much it counts.
  struct Observation {
    var probabilities: [Double]
    var weight = 1.0
  }

  /// One writer's taste.
  struct Taste {
    /// The expected share of each class.
    var shares: [Double]
    /// The mean score.
    var mean: Double
    var variance: Double
    /// The weights together.
    var evidence: Double
  }

  /// The taste of the writer of `observations`.
  ///
  /// Expectation maximisation gives each review its likeliest classes in the light of the others.
  /// The variance is that of the Dirichlet posterior if the classes were known, over the share of
  /// information that is not missing. Source: Louis, Finding the Observed Information Matrix when
  /// Using the EM Algorithm (1982), along the direction of the scores.
  func taste(_ observations: [Observation]) -> Taste {
    let alpha = shares.map { $0 * concentration }
    let likelihoods = observations.map { observation in
      zip(observation.probabilities, shares).map { $0 / $1 }
    }
    var taste = shares
    var classes = [[Double]](repeating: shares, count: observations.count)
    var sums = alpha
    // An empty history leaves the population as it is.
    for _ in 0..<(observations.isEmpty ? 0 : Self.rounds) {
      sums = alpha
      for index in observations.indices {
        var joint = zip(likelihoods[index], taste).map { $0 * $1 }
        let total = joint.reduce(0, +)
        // Nothing that the model said can be: it says nothing.
        joint = total > 0 ? joint.map { $0 / total } : taste
        classes[index] = joint
        for (index2, value) in joint.enumerated() {
          sums[index2] += value * observations[index].weight
        }
      }
      let total = sums.reduce(0, +)
      let next = sums.map { $0 / total }
      let change = zip(next, taste).reduce(0) { max($0, abs($1.0 - $1.1)) }
      taste = next
      if change < 1e-9 { break }
    }
    let size = sums.reduce(0, +)
    let mean = mean(taste)
    let spread = variance(taste)
    let unsure = zip(observations, classes).reduce(0) { $0 + $1.0.weight * variance($1.1) }
    // What is missing is less than all, as the prior is part of `size`.
    let missing = spread > 0 ? min(unsure / (spread * size), 0.99) : 0
    return Taste(
      shares: taste, mean: mean, variance: spread / (size + 1) / (1 - missing),
      evidence: observations.reduce(0) { $0 + $1.weight })
  }

  /// The mean score of the writer of `observations`, with where it lies.
  func posterior(_ observations: [Observation]) -> Posterior { posterior(taste(observations)) }

  /// The mean score of a taste, with where it lies: a beta distribution of the same mean and
  /// variance.
  func posterior(_ taste: Taste) -> Posterior {
    let (least, most) = (scores[0], scores[scores.count - 1])
    let width = most - least
    let beta = BetaDistribution(
      mean: (taste.mean - least) / width, variance: taste.variance / (width * width))
    return Posterior(
      mean: taste.mean, low: least + width * beta.quantile(0.05),
      high: least + width * beta.quantile(0.95), evidence: taste.evidence)
  }

  private static let rounds = 200

  /// The mean score of all reviews.
  var mean: Double { mean(shares) }
  /// The variance of the writers' mean scores.
  var tasteVariance: Double { max(variance(shares) / (concentration + 1), 1e-6) }
  /// The variance of a writer's reviews around that.
  var reviewVariance: Double { max(variance(shares) - tasteVariance, 1e-6) }

  private func mean(_ shares: [Double]) -> Double {
    zip(scores, shares).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func variance(_ shares: [Double]) -> Double {
    let mean = mean(shares)
    return zip(scores, shares).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
  }
}

extension ClassPrior {
  /// Gathers the moments of a population, one writer after the other.
  struct Fit {
    private let scores: [Double]
    /// What is supposed before anybody wrote, as so many reviews.
    private var shares: [Double]
    private var count = 0.0
    private var means = 0.0
    private var squaredMeans = 0.0
    private var variances = 0.0
    // Products of the means of two reviews by the same writer, a review with each of the others.
    private var pairs = 0.0
    private var pairedMeans = 0.0
    private var paired = 0.0
    private var pairedWriters = 0.0

    /// `expected` are the classes of a few supposed reviews.
    init(scores: [Double], expected: [Double]) {
      self.scores = scores
      shares = expected
    }

    /// Adds the reviews of a writer: a probability for each class.
    mutating func add(_ reviews: [[Double]]) {
      var (sum, squares) = (0.0, 0.0)
      for review in reviews {
        var (mean, square) = (0.0, 0.0)
        for (index, probability) in review.enumerated() {
          shares[index] += probability
          mean += scores[index] * probability
          square += scores[index] * scores[index] * probability
        }
        variances += max(0, square - mean * mean)
        sum += mean
        squares += mean * mean
      }
      let own = Double(reviews.count)
      count += own
      means += sum
      squaredMeans += squares
      guard own > 1 else { return }
      pairs += (sum * sum - squares) / (own - 1)
      pairedMeans += sum
      paired += own
      pairedWriters += 1
    }

    /// How many reviews' worth a population weighs of which too little is known.
    private static let usual = 5.0
    /// How many paired reviews that supposition counts as.
    private static let supposed = 20.0
    /// How many writers it takes to find them twice as much alike as usual.
    private static let likenessWriters = 50.0

    /// The prior of the population, by the method of moments.
    ///
    /// The reviews of one writer are alike as far as tastes differ: the covariance of two readings
    /// of the same writer is the variance of the tastes, shrunk by the square of how much of the
    /// stars' variance the readings show.
    var prior: ClassPrior {
      let total = shares.reduce(0, +)
      let shares = shares.map { $0 / total }
      let prior = ClassPrior(scores: scores, shares: shares, concentration: Self.usual)
      let spread = max(prior.variance(shares), 1e-9)
      guard count > 1 else { return prior }
      let mean = means / count
      let between = max(0, squaredMeans / count - mean * mean)
      let shown = between / max(between + variances / count, 1e-12)
      let supposed = spread / (Self.usual + 1)
      let covariance = pairs - 2 * mean * pairedMeans + mean * mean * paired
      // The mean is the writers' own: one of them alone tells nothing of how they differ.
      let told = max(0, pairedWriters - 1) / max(pairedWriters, 1)
      let tastes =
        (told * covariance / max(shown * shown, 1e-3) + Self.supposed * supposed)
        / (told * paired + Self.supposed)
      let concentration = spread / max(tastes, 1e-9) - 1
      // Few writers look alike by chance, and then nothing that one of them says would count.
      let likeliest = Self.usual * (1 + pairedWriters / Self.likenessWriters)
      return ClassPrior(
        scores: scores, shares: shares,
        concentration: min(max(concentration, 0.5), likeliest, 200))
    }
  }
}
