// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every target is built the same strict way.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let nio = (
  core: Target.Dependency.product(name: "NIOCore", package: "swift-nio"),
  tls: Target.Dependency.product(name: "NIOTLS", package: "swift-nio"),
  posix: Target.Dependency.product(name: "NIOPosix", package: "swift-nio"),
  embedded: Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio"),
  http1: Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio"),
  concurrency: Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
)
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let protobufPlugin = Target.Dependency.product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf")

/// What a build for ThreadSanitizer needs in the executables that tests start: it does not see inside Swift's own libraries.
/// scripts/sanitize asks for it; no other build links anything from Tests.
let sanitizerSupport: [Target.Dependency] =
  Context.environment["PATRON_SANITIZED"] == nil ? [] : ["CThreadSanitizerSupport"]

/// A service in services/catalogue.json, as far as the build needs it.
struct Service: Decodable {
  var name: String
  var ownsDatabase: Bool
  /// What its library needs beside what every service does.
  var libraries: [String]
  /// What its tests need beside that.
  var testedWith: [String]
}

/// The services. SwiftPM does not see that the file has changed unless this one has: scripts/catalogue writes its digest here.
/// catalogue.json: 555918d20c6bc1d1
let services = try! JSONDecoder().decode(
  [String: [Service]].self,
  from: Data(contentsOf: URL(fileURLWithPath: "\(Context.packageDirectory)/services/catalogue.json"))
)["services"]!

/// The products of other packages that the catalogue may name.
let products = ["CoreMetrics": coreMetrics, "DequeModule": deque, "Metrics": metrics]

/// One service: a library in three layers (API, domain, store) with its migrations, the executable that starts it, and
/// its tests.
func targets(of service: Service) -> [Target] {
  let name = service.name
  let library = name.prefix(1).uppercased() + name.dropFirst() + "Service"
  let layers: [Target.Dependency] = ["ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", logging]
  let store: [Target.Dependency] = service.ownsDatabase ? ["Postgres"] : []
  func dependencies(_ names: [String]) -> [Target.Dependency] { names.map { products[$0] ?? .target(name: $0) } }
  return [
    .target(
      name: library,
      dependencies: layers + store + dependencies(service.libraries),
      path: "services/\(name)",
      exclude: ["README.md", "Dockerfile", "config.yaml", "Sources/\(name)"],
      sources: ["Sources/\(library)"],
      resources: service.ownsDatabase ? [.copy("migrations")] : [],
      swiftSettings: strict
    ),
    .executableTarget(
      name: name,
      dependencies: [.target(name: library), "ServiceKit"],
      path: "services/\(name)/Sources/\(name)",
      swiftSettings: strict
    ),
    .testTarget(
      name: "\(library)Tests",
      dependencies: [.target(name: library), "PostgresTestSupport", "Eventually"] + layers + store
        + dependencies(service.testedWith),
      swiftSettings: strict
    ),
  ]
}

let package = Package(
  name: "patron",
  products: services.map { .executable(name: $0.name, targets: [$0.name]) } + [
    .executable(name: "patron", targets: ["patron"]),
    .executable(name: "patron-lab", targets: ["patron-lab"]),
    .executable(name: "protoc-gen-patron", targets: ["protoc-gen-patron"]),
    .executable(name: "proto-check", targets: ["proto-check"]),
    .executable(name: "interop-server", targets: ["interop-server"]),
    .executable(name: "interop-client", targets: ["interop-client"]),
    .library(name: "Basics", targets: ["Basics"]),
    .library(name: "CProtobufC", targets: ["CProtobufC"]),
    .library(name: "RPC", targets: ["RPC"]),
    .library(name: "Messages", targets: ["Messages"]),
    .library(name: "PatronAPI", targets: ["PatronAPI"]),
    .library(name: "Postgres", targets: ["Postgres"]),
    .library(name: "ServiceKit", targets: ["ServiceKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(
      url: "https://github.com/apple/swift-configuration",
      exact: "1.4.0",
      traits: ["YAML", "CommandLineArguments"]
    ),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    // What the packages above need. Named only so that every clone builds the same: scripts/dependencies raises versions.
    .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
    .package(url: "https://github.com/apple/swift-atomics", exact: "1.3.0"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .target(name: "Basics", swiftSettings: strict),
    .target(name: "Messages", dependencies: ["Basics", "CProtobufC"], swiftSettings: strict),
    .target(
      name: "RPC",
      dependencies: [
        "Basics", "CNGHTTP2", "CZlib", "Messages", nio.core, nio.posix, nio.tls, nioSSL, asn1, logging, metrics,
        coreMetrics, deque,
      ],
      swiftSettings: strict
    ),
    .target(name: "CPatronAPI", dependencies: ["CProtobufC"]),
    .target(name: "PatronAPI", dependencies: ["CPatronAPI", "CProtobufC", "Messages", "RPC"], swiftSettings: strict),
    .target(
      name: "Postgres",
      dependencies: ["Basics", "CLibPQ", logging, metrics, coreMetrics, deque],
      swiftSettings: strict
    ),
    .target(
      name: "ServiceKit",
      dependencies: [
        "Basics", "PatronAPI", "RPC", "Messages", "Postgres", nio.core, nio.posix, nio.http1, logging, metrics,
        coreMetrics, lifecycle, unixSignals, configuration, crypto,
      ],
      exclude: ["service-tables.sql"],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "protoc-gen-patron",
      dependencies: [swiftProtobuf, protobufPlugin],
      swiftSettings: strict
    ),
    .executableTarget(name: "proto-check", dependencies: [swiftProtobuf, protobufPlugin], swiftSettings: strict),
    .executableTarget(
      name: "rpc-example",
      dependencies: ["RPC", "TestAPI", logging],
      path: "Examples/swift",
      swiftSettings: strict
    ),
    .executableTarget(name: "protobuf-testee", dependencies: ["Messages", "TestAPI"], swiftSettings: strict),
    .executableTarget(
      name: "interop-server",
      dependencies: [
        "Basics", "Messages", "PatronAPI", "RPC", "TestAPI", nio.core, argumentParser, logging, unixSignals,
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "interop-client",
      dependencies: ["RPC", "TestAPI", argumentParser],
      swiftSettings: strict
    ),
    .target(
      name: "LocalSuite",
      dependencies: ["Basics", "Postgres", logging, crypto],
      resources: [.embedInCode("Catalogue/catalogue.json")],
      swiftSettings: strict
    ),
    .target(
      name: "LedgerAudit",
      dependencies: ["Basics", "LocalSuite", "Postgres", logging],
      swiftSettings: strict
    ),
    .target(
      name: "TillSimulation",
      dependencies: [
        "Basics", "LedgerAudit", "LocalSuite", "CZlib", "ServiceKit", "PatronAPI", "RPC", "Messages", "Postgres",
        logging, crypto,
        histogram,
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "patron",
      dependencies: [
        "TillSimulation", "LedgerAudit", "LocalSuite", "ServiceKit", "PatronAPI", "RPC", "Basics", "Postgres",
        argumentParser, logging,
      ] + sanitizerSupport,
      swiftSettings: strict
    ),
    .executableTarget(
      name: "patron-lab",
      dependencies: [
        "TillSimulation", "LedgerAudit", "LocalSuite", "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics",
        "Postgres",
        nio.core, nio.posix, argumentParser, logging, histogram,
      ] + sanitizerSupport,
      swiftSettings: strict
    ),

    .target(name: "CThreadSanitizerSupport", path: "Tests/Support/CThreadSanitizerSupport"),
    .target(name: "CTestAPI", dependencies: ["CPatronAPI", "CProtobufC"], path: "Tests/Support/CTestAPI"),
    .target(
      name: "TestAPI",
      dependencies: ["CTestAPI", "CThreadSanitizerSupport", "PatronAPI", "Messages", "RPC"],
      path: "Tests/Support/TestAPI",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "attack-target",
      dependencies: ["RPC", "Messages", "PatronAPI", "TestAPI", argumentParser, logging],
      path: "Tests/Support/attack-target",
      swiftSettings: strict
    ),
    .target(name: "SeededRandomness", path: "Tests/Support/SeededRandomness", swiftSettings: strict),
    .target(name: "Eventually", path: "Tests/Support/Eventually", swiftSettings: strict),
    .target(
      name: "PostgresTestSupport",
      dependencies: ["Postgres", logging],
      path: "Tests/Support/PostgresTestSupport",
      swiftSettings: strict
    ),
    .target(
      name: "LoyaltyTestSupport",
      dependencies: [
        "LoyaltyService", "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", "Postgres", "PostgresTestSupport",
        logging,
      ],
      path: "Tests/Support/LoyaltyTestSupport",
      swiftSettings: strict
    ),
    .target(
      name: "MembersTestSupport",
      dependencies: [
        "MembersService", "LoyaltyTestSupport", "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", "Postgres",
        "PostgresTestSupport",
      ],
      path: "Tests/Support/MembersTestSupport",
      swiftSettings: strict
    ),
    .target(
      name: "FuzzTargets",
      dependencies: ["RPC", "Messages", "Basics", "TestAPI", nio.core, nio.embedded, logging],
      path: "Tests/Support/FuzzTargets",
      swiftSettings: strict
    ),
    .testTarget(name: "BasicsTests", dependencies: ["Basics", "SeededRandomness"], swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "SeededRandomness"], swiftSettings: strict),
    .testTarget(
      name: "MessagesTests",
      dependencies: ["Messages", "Basics", "PatronAPI", "TestAPI", "SeededRandomness", "protobuf-testee"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "RPCTests",
      dependencies: [
        "RPC", "Messages", "Basics", "TestAPI", "CNGHTTP2", "SeededRandomness", nio.core, nio.posix, nio.embedded,
        certificates, nioSSL, crypto, asn1, logging, metrics, coreMetrics,
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "AttackTests",
      dependencies: [
        "RPC", "Messages", "PatronAPI", "TestAPI", "CNGHTTP2", "CZlib", "SeededRandomness", "attack-target",
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "PostgresTests",
      dependencies: ["Postgres", "Basics", "PostgresTestSupport", "SeededRandomness", logging],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ServiceKitTests",
      dependencies: [
        "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", "Postgres", "PostgresTestSupport", "Eventually",
        nio.core, nio.posix, logging, metrics, coreMetrics,
      ],
      swiftSettings: strict
    ),
    .testTarget(name: "ProtoCheckTests", dependencies: ["proto-check", swiftProtobuf], swiftSettings: strict),
    .testTarget(
      name: "LocalSuiteTests",
      dependencies: ["LocalSuite", "Basics", "Postgres", logging],
      swiftSettings: strict
    ),
    .testTarget(
      name: "LedgerAuditTests",
      dependencies: [
        "LedgerAudit", "LocalSuite", "LoyaltyService", "MembersService", "CampaignsService", "LoyaltyTestSupport",
        "SeededRandomness", "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", "Postgres", "PostgresTestSupport",
        logging,
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "TillSimulationTests",
      // The tests of the load start `patron load-worker`.
      dependencies: [
        "TillSimulation", "LedgerAudit", "LocalSuite", "patron", "LoyaltyTestSupport", "ServiceKit", "PatronAPI", "RPC",
        "Basics", "Postgres", histogram,
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "PatronTests",
      dependencies: ["patron", "TillSimulation", "Postgres", "PostgresTestSupport", argumentParser],
      swiftSettings: strict
    ),
    .testTarget(
      name: "PatronLabTests",
      dependencies: [
        "patron-lab", "TillSimulation", "LedgerAudit", "LocalSuite", "loyalty", "LoyaltyService", "LoyaltyTestSupport",
        "SeededRandomness", "ServiceKit", "PatronAPI", "RPC", "Messages", "Basics", "Postgres", "PostgresTestSupport",
        nio.core, argumentParser, logging, histogram,
      ],
      swiftSettings: strict
    ),
  ] + services.flatMap(targets(of:))
)

// The driver has no `main` of its own: libFuzzer brings it, and only scripts/fuzz builds it.
if Context.environment["PATRON_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: ["FuzzTargets"],
      path: "Fuzz/Sources/fuzz",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
    )
  )
}

// scripts/build names what is to be built when that is not everything: `make run` needs neither the generator nor the tests'
// support. One plan for several products keeps all cores busy, which one `swift build --product` after the other does not.
if let names = Context.environment["PATRON_PRODUCTS"] {
  let products = Set(names.split(separator: ",").map(String.init))
  var wanted = products
  var next = products
  while !next.isEmpty {
    let found = package.targets.filter { next.contains($0.name) }.flatMap(\.dependencies)
    next = Set(
      found.compactMap { dependency in
        switch dependency {
        case .targetItem(let name, _), .byNameItem(let name, _): name
        default: nil
        }
      }
    )
    .subtracting(wanted)
    wanted.formUnion(next)
  }
  package.products.removeAll { !products.contains($0.name) }
  package.targets.removeAll { !wanted.contains($0.name) }
}
