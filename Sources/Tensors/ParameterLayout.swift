/// How a parameter starts.
public enum Initialization: Equatable, Sendable {
  case zeros
  case ones
  /// Normally distributed around zero.
  case normal(standardDeviation: Float)
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
  /// Whether rows of numbers are multiplied by it: the weights of a linear layer.
  public let multiplies: Bool

  /// Number of values.
  public var count: Int { rows * columns }
  /// As stored: vectors have one dimension, matrices two.
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
    _ name: String, rows: Int, columns: Int, multiplies: Bool = false,
    initialization: Initialization
  ) -> Slot {
    add(
      name, rows: rows, columns: columns, initialization: initialization, decays: true,
      multiplies: multiplies)
  }

  /// Adds a gain or bias of shape [size].
  public mutating func addVector(
    _ name: String, size: Int, initialization: Initialization
  ) -> Slot {
    add(
      name, rows: 1, columns: size, initialization: initialization, decays: false,
      multiplies: false)
  }

  private mutating func add(
    _ name: String, rows: Int, columns: Int, initialization: Initialization, decays: Bool,
    multiplies: Bool
  ) -> Slot {
    precondition(!slots.contains { $0.name == name }, "two parameters are named \(name)")
    let slot = Slot(
      name: name, rows: rows, columns: columns, offset: count, initialization: initialization,
      decays: decays, multiplies: multiplies)
    slots.append(slot)
    count += slot.count
    return slot
  }
}
