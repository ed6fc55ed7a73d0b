/// How a parameter starts.
public enum Initialization: Equatable, Sendable {
  case zeros
  case ones
  /// Normally distributed around zero.
  case normal(standardDeviation: Float)
}

/// How reading uses a matrix of parameters.
public enum MatrixUse: Equatable, Sendable {
  /// As it lies: an embedding, or what multiplies one group at a time.
  case table
  /// Rows of numbers are multiplied by it: the weights of a linear layer.
  case product
  /// The same, gate above up, and one activates the other: the way into a gated feed-forward.
  case gatedProduct
  /// As `product`, query above key above value: the way into self-attention.
  case attentionProduct
}

/// One named parameter: where it lies in the flat buffer and what shape it has.
public struct Slot: Equatable, Sendable {
  /// As in the weights file: `encoder.3.attention.output.weight`.
  public let name: String
  /// Number of rows; vectors have one.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Index of the first value in the flat buffer.
  public let offset: Int
  /// How training from nothing starts it.
  public let initialization: Initialization
  /// Whether weight decay applies: to matrices, not to gains and biases.
  public let decays: Bool
  /// How reading uses it.
  public let use: MatrixUse

  /// Number of values.
  public var count: Int { rows * columns }
  /// As stored: one row has one dimension, several have two.
  public var shape: [Int] { rows == 1 ? [columns] : [rows, columns] }
}

/// The table of a model's parameters, in the order in which its layers were built.
public struct ParameterLayout: Equatable, Sendable {
  /// All parameters, by rising offset.
  public private(set) var slots: [Slot] = []
  /// Number of floats in a buffer of this layout.
  public private(set) var count = 0

  /// An empty table.
  public init() {}

  /// Adds a matrix of shape [rows, columns].
  public mutating func addMatrix(
    _ name: String, rows: Int, columns: Int, use: MatrixUse = .table,
    initialization: Initialization
  ) -> Slot {
    add(
      name, rows: rows, columns: columns, initialization: initialization, decays: true, use: use)
  }

  /// Adds a gain or bias of shape [size].
  public mutating func addVector(
    _ name: String, size: Int, initialization: Initialization
  ) -> Slot {
    add(
      name, rows: 1, columns: size, initialization: initialization, decays: false, use: .table)
  }

  private mutating func add(
    _ name: String, rows: Int, columns: Int, initialization: Initialization, decays: Bool,
    use: MatrixUse
  ) -> Slot {
    precondition(!slots.contains { $0.name == name }, "two parameters are named \(name)")
    let slot = Slot(
      name: name, rows: rows, columns: columns, offset: count, initialization: initialization,
      decays: decays, use: use)
    slots.append(slot)
    count += slot.count
    return slot
  }
}
