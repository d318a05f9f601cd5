/// A package that may break some rules, and why.
struct Exemption {
  let package: String
  let rules: Set<Rule>
  let reason: String

  static let all = [
    Exemption(
      package: "grpc.health.v1",
      rules: [
        .serviceSuffix, .rpcRequestStandardName, .rpcResponseStandardName, .rpcRequestResponseUnique,
        .enumValuePrefix, .enumZeroValueSuffix,
      ],
      reason: "the contract is published by gRPC and every health checker speaks it"
    ),
    Exemption(
      package: "grpc.reflection.v1",
      rules: [.serviceSuffix, .rpcRequestStandardName, .rpcResponseStandardName],
      reason: "the contract is published by gRPC and every reflection client speaks it"
    ),
    Exemption(
      package: "grpc.reflection.v1alpha",
      rules: [.serviceSuffix, .rpcRequestStandardName, .rpcResponseStandardName],
      reason: "the contract is published by gRPC and older reflection clients speak it"
    ),
    Exemption(
      package: "opentelemetry.proto.collector.trace.v1",
      rules: [.rpcRequestStandardName, .rpcResponseStandardName],
      reason: "the contract is published by OpenTelemetry and every collector speaks it"
    ),
    Exemption(
      package: "opentelemetry.proto.trace.v1",
      rules: [.enumZeroValueSuffix],
      reason: "the messages are published by OpenTelemetry and every collector reads them"
    ),
    Exemption(
      package: "patron.testing.v1",
      rules: [.messageNotRecursive, .enumNoAllowAlias],
      reason: "the tests of the message library need what the rules forbid"
    ),
  ]

  private static let foreign = ["google", "conformance", "protobuf_test_messages", "grpc.testing", "connectrpc"]

  /// Packages whose contents others decide on: the well-known types, and the protos of conformance and interoperability
  /// suites.
  static func isForeign(_ package: String) -> Bool {
    foreign.contains { package == $0 || package.hasPrefix("\($0).") }
  }

  /// Packages that nobody outside relies on, so anything in them may change.
  static func mayChange(_ package: String) -> Bool {
    package == "patron.testing.v1"
  }

  static func allows(_ rule: Rule, in package: String) -> Bool {
    all.contains { $0.package == package && $0.rules.contains(rule) }
  }
}
