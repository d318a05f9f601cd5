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
  /// Whom it calls.
  var peers: [String]
  /// What it serves.
  var apis: [String]
  /// What its library needs beside what every service does.
  var libraries: [String]
  /// What its tests need beside that.
  var testedWith: [String]

  /// The generated modules of what it serves: `patron.members.v1.MembersService` is in MembersProto.
  var protos: [String] { apis.map { "\($0.split(separator: ".")[1].capitalized)Proto" } }
}

/// The services. SwiftPM does not see that the file has changed unless this one has: scripts/catalogue writes its digest here.
/// catalogue.json: 6b6593dea33a284b
let services = try! JSONDecoder().decode(
  [String: [Service]].self,
  from: Data(contentsOf: URL(fileURLWithPath: "\(Context.packageDirectory)/services/catalogue.json"))
)["services"]!

/// The products of other packages that the catalogue may name.
let products = ["CoreMetrics": coreMetrics, "DequeModule": deque, "Metrics": metrics]

/// The generated code of some protos (scripts/generate lists which): a library of Swift messages, clients and service
/// protocols, and below it the C that protoc-c writes.
func generated(
  _ name: String,
  in path: String? = nil,
  importing imports: [String] = [],
  services: Bool = true,
  using libraries: [Target.Dependency] = []
) -> [Target] {
  let path = path ?? "Sources/\(name)"
  let runtime: [Target.Dependency] = services ? ["Messages", "RPC"] : ["Messages"]
  return [
    .target(
      name: "C\(name)",
      dependencies: ["CProtobufC"] + imports.map { .target(name: "C\($0)") },
      path: "\(path)/Generated/C"
    ),
    .target(
      name: name,
      dependencies: [.target(name: "C\(name)"), "CProtobufC"] + runtime + imports.map { .target(name: $0) } + libraries,
      path: path,
      exclude: ["Generated/C"],
      swiftSettings: strict
    ),
  ]
}

/// One service: a library in three layers (API, domain, store) with its migrations, the executable that starts it, and
/// its tests. It knows the generated code of its own API and of those that it calls.
func targets(of service: Service) -> [Target] {
  let name = service.name
  let library = name.prefix(1).uppercased() + name.dropFirst() + "Service"
  let protos = (service.protos + services.filter { service.peers.contains($0.name) }.flatMap(\.protos))
    .map { Target.Dependency.target(name: $0) }
  let layers: [Target.Dependency] = ["ServiceKit", "CommonProto", "RPC", "Messages", "Basics", logging] + protos
  let store: [Target.Dependency] = service.ownsDatabase ? ["Postgres"] : []
  func dependencies(_ names: [String]) -> [Target.Dependency] { names.map { products[$0] ?? .target(name: $0) } }
  return [
    .target(
      name: library,
      dependencies: layers + store + dependencies(service.libraries),
      path: "services/\(name)",
      exclude: ["README.md", "Dockerfile", "config.yaml", "Sources/\(name)"],
      sources: ["Sources/\(library)"],
      resources: service.ownsDatabase ? [.copy("migrations")] : name == "gateway" ? [.copy("documentation")] : [],
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
  products: services.map { .executable(name: $0.name, targets: [$0.name]) }
    + services.flatMap(\.protos).map { .library(name: $0, targets: [$0]) } + [
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
      .library(name: "CommonProto", targets: ["CommonProto"]),
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
        "Basics", "CNGHTTP2", "CZlib", "Messages", nio.core, nio.http1, nio.posix, nio.tls, nioSSL, asn1, logging,
        metrics,
        coreMetrics, deque,
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Postgres",
      dependencies: ["Basics", "CLibPQ", logging, metrics, coreMetrics, deque],
      swiftSettings: strict
    ),
    .target(
      name: "ServiceKit",
      dependencies: [
        "Basics", "CommonProto", "GRPCProto", "OpenTelemetryProto", "RPC", "Messages", "Postgres", nio.core, nio.posix,
        nio.http1, logging, metrics, coreMetrics, lifecycle, unixSignals, configuration, crypto,
      ],
      exclude: ["service-tables.sql"],
      swiftSettings: strict
    ),
    .target(
      name: "FollowedMembers",
      dependencies: ["Basics", "ServiceKit", "MembersProto", "RPC", "Postgres"],
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
    .executableTarget(
      name: "member-app",
      dependencies: ["Basics", "RPC", "AppProto", "PosProto", "CommonProto"],
      path: "Examples/swift-app",
      swiftSettings: strict
    ),
    .executableTarget(name: "protobuf-testee", dependencies: ["Messages", "TestAPI"], swiftSettings: strict),
    .executableTarget(
      name: "interop-server",
      dependencies: [
        "Basics", "Messages", "CommonProto", "RPC", "TestAPI", nio.core, argumentParser, logging, unixSignals,
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
        "Basics", "LedgerAudit", "LocalSuite", "CZlib", "ServiceKit", "CommonProto", "MembersProto", "LoyaltyProto",
        "CampaignsProto", "PosProto", "AppProto", "RPC", "Messages", "Postgres", logging, crypto, histogram,
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "patron",
      dependencies: [
        "Basics", "TillSimulation", "LedgerAudit", "LocalSuite", "ServiceKit", "LoyaltyProto", "RPC", "Postgres",
        argumentParser, logging,
      ] + sanitizerSupport,
      swiftSettings: strict
    ),
    .executableTarget(
      name: "patron-lab",
      dependencies: [
        "Basics", "TillSimulation", "LedgerAudit", "LocalSuite", "ServiceKit", "CommonProto", "LoyaltyProto",
        "PosProto", "RPC", "Messages", "Postgres", nio.core, nio.posix, argumentParser, logging, histogram,
      ] + sanitizerSupport,
      swiftSettings: strict
    ),

    .target(name: "CThreadSanitizerSupport", path: "Tests/Support/CThreadSanitizerSupport"),
    .executableTarget(
      name: "attack-target",
      dependencies: ["RPC", "Messages", "CommonProto", "TestAPI", argumentParser, logging],
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
        "Basics", "LoyaltyService", "ServiceKit", "CommonProto", "LoyaltyProto", "RPC", "Messages", "Postgres",
        "PostgresTestSupport", logging,
      ],
      path: "Tests/Support/LoyaltyTestSupport",
      swiftSettings: strict
    ),
    .target(
      name: "MembersTestSupport",
      dependencies: [
        "Basics", "MembersService", "LoyaltyTestSupport", "ServiceKit", "CommonProto", "MembersProto", "RPC",
        "Postgres", "PostgresTestSupport",
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
      dependencies: [
        "Basics", "Messages", "CommonProto", "GRPCProto", "TestAPI", "SeededRandomness", "protobuf-testee",
      ],
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
        "RPC", "Messages", "CommonProto", "TestAPI", "CNGHTTP2", "CZlib", "SeededRandomness", "attack-target",
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
        "Basics", "Eventually", "ServiceKit", "FollowedMembers", "CommonProto", "MembersProto", "LoyaltyProto",
        "GRPCProto", "OpenTelemetryProto", "RPC", "Messages", "Postgres", "PostgresTestSupport", nio.core, nio.posix,
        logging, metrics, coreMetrics,
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
        "Basics", "SeededRandomness", "ServiceKit", "CommonProto", "MembersProto", "LoyaltyProto", "CampaignsProto",
        "RPC", "Messages", "Postgres", "PostgresTestSupport", logging,
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "TillSimulationTests",
      // The tests of the load start `patron load-worker`.
      dependencies: [
        "Basics", "TillSimulation", "LedgerAudit", "LocalSuite", "patron", "LoyaltyTestSupport", "ServiceKit",
        "CommonProto", "MembersProto", "LoyaltyProto", "RPC", "Postgres", histogram,
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
        "Basics", "SeededRandomness", "ServiceKit", "LoyaltyProto", "RPC", "Messages", "Postgres",
        "PostgresTestSupport", nio.core, argumentParser, logging, histogram,
      ],
      swiftSettings: strict
    ),
  ]
    + generated("CommonProto", services: false)
    + generated("GRPCProto")
    + generated("OpenTelemetryProto")
    + generated(
      "TestAPI",
      in: "Tests/Support/TestAPI",
      importing: ["CommonProto"],
      using: ["CThreadSanitizerSupport"]
    )
    + services.flatMap(\.protos).flatMap { generated($0, importing: ["CommonProto"]) }
    + services.flatMap(targets(of:))
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
