// swift-tools-version: 6.2
import PackageDescription

/// Every target of the project compiles in Swift 6 mode and treats a warning as an error.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

/// Hot loops live in these targets. Checks for overlapping access to an object's properties at run time took 6 % of reading a
/// CSV file; the compiler's own checks stay.
let engine: [SwiftSetting] =
  strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// Homebrew keeps its headers outside the compiler's search path, so pkg-config has to name them there.
/// On Debian the module maps' `link` lines are enough, and libzmq's .pc file would only add a warning.
#if os(macOS)
  func pkgConfig(_ name: String) -> String? { name }
#else
  func pkgConfig(_ name: String) -> String? { nil }
#endif

func room(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = strict) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func library(_ name: String, pkg: String, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig(pkg), providers: [.apt([apt]), .brew([brew])])
}

let package = Package(
  name: "Martlet",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "martlet", targets: ["martlet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The kernel: bytes, messages, channels. It knows no Martlet.
    library("CZeroMQ", pkg: "libzmq", apt: "libzmq3-dev", brew: "zeromq"),
    library("CSodium", pkg: "libsodium", apt: "libsodium-dev", brew: "libsodium"),
    room("ZeroMQ", ["CZeroMQ"]),
    room("JupyterKernel", ["ZeroMQ", "CSodium"]),

    // The engine: columns, plans, operators. It knows no command.
    library("CZlib", pkg: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    library("CZstd", pkg: "libzstd", apt: "libzstd-dev", brew: "zstd"),
    library("CExpat", pkg: "expat", apt: "libexpat1-dev", brew: "expat"),
    library("CSQLite", pkg: "sqlite3", apt: "libsqlite3-dev", brew: "sqlite"),
    .target(name: "CScan"),
    room("Columnar", ["CZlib", "CZstd", "CExpat", "CSQLite", "CScan"], engine),
    room("Query", ["Columnar"]),
    room("Engine", ["Query", "Columnar"], engine),

    // The product: analyses, pictures, language.
    room("Analytics", ["Query", "Columnar"], engine),
    room("Charts", ["Columnar"]),
    room("MartletLanguage", ["Analytics", "Query", "Columnar", "Charts"]),
    room("Display", ["MartletLanguage", "Charts", "Columnar"]),
    .executableTarget(
      name: "martlet",
      dependencies: [
        "JupyterKernel", "MartletLanguage", "Display", "Engine", "Columnar", "CScan",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What several test targets need: the data beside the project, files for a moment.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("JupyterKernelTests", ["JupyterKernel", "ZeroMQ"]),
    tests("ColumnarTests", ["Columnar", "CScan", "CZlib", "CZstd", "CSQLite", "TestSupport"]),
    tests("QueryTests", ["Query", "Columnar"]),
    // What every engine must answer, as data: an engine's tests run all cases.
    .target(
      name: "EngineConformance", dependencies: ["Query", "Columnar"], path: "Tests/EngineConformance",
      swiftSettings: strict),
    tests("EngineTests", ["Engine", "EngineConformance", "Query", "Columnar", "TestSupport"]),
    tests("AnalyticsTests", ["Analytics", "Engine", "Query", "Columnar", "TestSupport"]),
    tests("ChartsTests", ["Charts", "Columnar"], exclude: ["Golden"]),
    tests("LanguageTests", ["MartletLanguage", "Engine", "Query", "Columnar", "TestSupport"]),
    tests("DisplayTests", ["Display", "MartletLanguage", "Charts", "Engine", "Columnar"]),
  ]
)
