import Files

/// The sizes of a model: its architecture, as a recipe or `config.json` gives it.
public struct ModelShape: Codable, Equatable, Sendable {
  /// D: columns of every hidden state.
  public var hiddenSize: Int
  /// Number of encoder blocks.
  public var layerCount: Int
  /// H; divides the hidden size into heads of an even number of columns.
  public var attentionHeadCount: Int
  /// F: columns of the gated feed-forward.
  public var feedForwardSize: Int
  /// The longest sequence the encoder reads, in pieces.
  public var windowSize: Int
  /// How many pieces neighbouring windows of a longer text share.
  public var windowOverlap: Int

  /// A shape; `problem` says whether it can be built.
  public init(
    hiddenSize: Int, layerCount: Int, attentionHeadCount: Int, feedForwardSize: Int,
    windowSize: Int, windowOverlap: Int
  ) {
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.attentionHeadCount = attentionHeadCount
    self.feedForwardSize = feedForwardSize
    self.windowSize = windowSize
    self.windowOverlap = windowOverlap
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case hiddenSize = "hidden_size"
    case layerCount = "layer_count"
    case attentionHeadCount = "attention_head_count"
    case feedForwardSize = "feed_forward_size"
    case windowSize = "window_size"
    case windowOverlap = "window_overlap"
  }

  /// Reads all six sizes; an unknown key or an impossible shape is an error.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    hiddenSize = try values.decode(Int.self, forKey: .hiddenSize)
    layerCount = try values.decode(Int.self, forKey: .layerCount)
    attentionHeadCount = try values.decode(Int.self, forKey: .attentionHeadCount)
    feedForwardSize = try values.decode(Int.self, forKey: .feedForwardSize)
    windowSize = try values.decode(Int.self, forKey: .windowSize)
    windowOverlap = try values.decode(Int.self, forKey: .windowOverlap)
    if let problem {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }

  /// Why no model can have this shape; nil when one can.
  public var problem: String? {
    let limit = 1 << 13
    for (name, size, limit) in [
      (CodingKeys.hiddenSize, hiddenSize, limit), (.layerCount, layerCount, 128),
      (.attentionHeadCount, attentionHeadCount, limit),
      (.feedForwardSize, feedForwardSize, limit), (.windowSize, windowSize, limit),
    ] where !(1...limit).contains(size) {
      return "\(name.rawValue) is \(size); it has to be 1 to \(limit)"
    }
    if !hiddenSize.isMultiple(of: 2 * attentionHeadCount) {
      return "hidden_size \(hiddenSize) does not divide into \(attentionHeadCount) attention heads"
        + " of an even size; choose a multiple of \(2 * attentionHeadCount)"
    }
    if hiddenSize / attentionHeadCount > 512 {
      return "hidden_size \(hiddenSize) in \(attentionHeadCount) attention heads gives each"
        + " \(hiddenSize / attentionHeadCount) columns; choose heads of at most 512"
    }
    let blockSize = 4 * hiddenSize * hiddenSize + 3 * hiddenSize * feedForwardSize
    if layerCount * blockSize > 1 << 30 {
      return "the blocks have \(layerCount * blockSize) parameters;"
        + " choose sizes that make at most \(1 << 30)"
    }
    if windowOverlap < 0 || windowOverlap > windowSize / 2 {
      return "window_overlap is \(windowOverlap); it has to be 0 to half of window_size"
    }
    return nil
  }
}
