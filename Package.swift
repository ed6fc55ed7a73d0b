// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
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
    .library(
      name: "GlossKit",
      targets: [
        "Files", "Inference", "Models", "Privacy", "Profiles", "Reviews", "Tensors", "Training",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "3.12.3"),
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
    library("Models", ["Layers", "Tensors", "Tokenization", "Files", "Reviews"]),

    // Text in: files, what of it is personal, reviews, corpora
    library("Files", ["CZlib", crypto, yams]),
    library("Privacy", ["Files", crypto]),
    library("Reviews", ["Files", "Privacy"]),
    library("Corpora", ["Files", "Reviews"]),

    library("Curation", ["Corpora", "Tokenization", "Tensors", "Reviews", "Files", crypto]),

    // The three uses: train (and evaluate), classify, annotate
    library(
      "Training",
      [
        "Models", "Layers", "Tensors", "Tokenization", "Corpora", "Reviews", "Files", "Inference",
        "Evaluation",
      ]),
    library(
      "Inference", ["Models", "Layers", "Tensors", "Tokenization", "Reviews", "Privacy", "Files"]),
    library("Evaluation", ["Inference", "Models", "Corpora", "Reviews", "Tensors", "Files"]),
    library("Profiles", ["Reviews", "Files", crypto, grdb]),
    library(
      "Benchmarking", ["Training", "Inference", "Models", "Tokenization", "Tensors", "Reviews"]),
    .executableTarget(
      name: "gloss",
      dependencies: [
        "Training", "Evaluation", "Inference", "Profiles", "Benchmarking", "Curation", "Corpora",
        "Models", "Tokenization", "Reviews", "Privacy", "Files", "Tensors", argumentParser,
      ],
      swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    tests("TensorsTests", ["Tensors", "CKernels"]),
    tests("LayersTests", ["Layers"]),
    tests("TokenizationTests", ["Tokenization"]),
    tests("ModelsTests", ["Models"]),
    tests("FilesTests", ["Files"]),
    tests("PrivacyTests", ["Privacy", "Files"]),
    tests("ReviewsTests", ["Reviews", "Privacy", "Files"]),
    tests("CorporaTests", ["Corpora"]),
    tests("CurationTests", ["Curation", "Corpora", "Tensors", "Tokenization", "Files", crypto]),
    tests("TrainingTests", ["Training"]),
    tests("InferenceTests", ["Inference", "Privacy"]),
    tests("EvaluationTests", ["Evaluation", "Files", "Tensors"]),
    tests("ProfilesTests", ["Profiles"]),
    tests("BenchmarkingTests", ["Benchmarking"]),
    tests("EndToEndTests", ["gloss"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
