// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
  name: "Gloss",
  products: [
    .executable(name: "gloss", targets: ["gloss"]),
    .library(name: "Gloss", targets: ["Inference", "Profiles", "Reviews", "Training"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CSentencePiece",
      linkerSettings: [.linkedLibrary("sentencepiece"), .linkedLibrary("sentencepiece_train")]),
    .target(name: "CKernels"),

    // The model: numbers, layers, text, weights
    library("Tensors", ["COpenBLAS", "CKernels"]),
    library("Layers", ["Tensors"]),
    library("Tokenization", ["CSentencePiece"]),
    library("Models", ["Layers", "Tokenization", "Files"]),

    // Text in: files, reviews, corpora
    library("Files", ["CZlib", yams]),
    library("Reviews", ["Files"]),
    library("Corpora", ["Files", "Reviews"]),

    // The three uses: train, classify, annotate
    library("Training", ["Models", "Corpora", logging]),
    library("Inference", ["Models", "Tokenization", "Reviews"]),
    library("Profiles", ["Reviews", grdb]),
    .executableTarget(
      name: "gloss",
      dependencies: ["Training", "Inference", "Profiles", "Corpora", argumentParser, logging],
      swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    tests("TensorsTests", ["Tensors"]),
    tests("LayersTests", ["Layers"]),
    tests("TokenizationTests", ["Tokenization"]),
    tests("ModelsTests", ["Models"]),
    tests("FilesTests", ["Files"]),
    tests("ReviewsTests", ["Reviews"]),
    tests("CorporaTests", ["Corpora"]),
    tests("TrainingTests", ["Training"]),
    tests("InferenceTests", ["Inference"]),
    tests("ProfilesTests", ["Profiles"]),
    tests("EndToEndTests", ["gloss"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
