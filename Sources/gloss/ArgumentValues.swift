public import ArgumentParser
public import Inference
public import Reviews
public import Tensors

// What options can be set to by its name.
extension ReviewReader.Format: ExpressibleByArgument {}
extension RecordFormat.Kind: ExpressibleByArgument {}
extension OffsetUnit: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
