// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that peers never become dependencies of Patron.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "patron", path: ".."),
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
  ],
  targets: [
    // The benchmark's messages, generated for Patron (C and Swift) and for the peer (swift-protobuf, grpc-swift-2).
    .target(
      name: "CBenchmarkAPI",
      dependencies: [.product(name: "CProtobufC", package: "patron")],
      path: "Sources/BenchmarkAPI/Generated/C"
    ),
    .target(
      name: "BenchmarkAPI",
      dependencies: [
        "CBenchmarkAPI",
        .product(name: "CProtobufC", package: "patron"),
        .product(name: "Messages", package: "patron"),
        .product(name: "RPC", package: "patron"),
      ],
      path: "Sources/BenchmarkAPI",
      exclude: ["Generated/C"],
      swiftSettings: strict
    ),
    .target(
      name: "PeerAPI",
      dependencies: [
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)]
    ),
    .executableTarget(
      name: "patron-server",
      dependencies: [
        "BenchmarkAPI",
        .product(name: "RPC", package: "patron"),
        .product(name: "ServiceKit", package: "patron"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "peer-server",
      dependencies: ["PeerAPI", .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")],
      swiftSettings: [.swiftLanguageMode(.v6)]
    ),
    .executableTarget(
      name: "peer-client",
      dependencies: ["PeerAPI", .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")],
      swiftSettings: [.swiftLanguageMode(.v6)]
    ),
    .executableTarget(
      name: "patron-client",
      dependencies: [
        "BenchmarkAPI", .product(name: "RPC", package: "patron"), .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "hummingbird-server",
      dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
      swiftSettings: [.swiftLanguageMode(.v6)]
    ),
    // Counts what the process allocates, by standing before the C library's allocator.
    .target(name: "CAllocationCount"),
    .executableTarget(
      name: "message-benchmark",
      dependencies: [
        "BenchmarkAPI", "PeerAPI", "CAllocationCount",
        .product(name: "Messages", package: "patron"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: strict
    ),
  ]
)
