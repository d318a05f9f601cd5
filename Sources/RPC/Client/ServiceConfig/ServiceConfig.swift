/// How the calls of a channel are balanced, repeated and limited. Source: gRPC's service config (grpc/grpc
/// doc/service_config.md, grpc-proto service_config.proto), gRFC A6 for retries.
///
/// ``init(json:)`` reads the form that all gRPC implementations share.
public struct ServiceConfig: Sendable, Equatable {
  /// How calls are balanced over the target's addresses. Default ``LoadBalancingPolicy/pickFirst``.
  public var loadBalancing: LoadBalancingPolicy
  /// The service whose `grpc.health.v1` status decides whether an address gets calls. Nil, the default: no health
  /// checks.
  public var healthCheckService: String?
  /// The entries for single methods and services. The first of two entries with the same name applies.
  public var methods: [MethodConfig]
  /// When too many failures stop all repetition. Nil, the default: never.
  public var retryThrottling: RetryThrottling?

  /// Makes a configuration. Omitted parameters have their defaults.
  public init(
    loadBalancing: LoadBalancingPolicy = .pickFirst,
    healthCheckService: String? = nil,
    methods: [MethodConfig] = [],
    retryThrottling: RetryThrottling? = nil
  ) {
    self.loadBalancing = loadBalancing
    self.healthCheckService = healthCheckService
    self.methods = methods
    self.retryThrottling = retryThrottling
  }

  /// Why a service config is invalid. Then none of it applies.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path to the invalid value, such as `$.methodConfig[0].retryPolicy.maxAttempts`.
    public var place: String
    /// What is wrong, and what to write instead.
    public var reason: String

    /// One sentence for a log or an operator.
    public var description: String { "the service config is not valid at \(place): \(reason)" }
  }

  /// Parses a service config in JSON. Skips unknown members, as gRPC requires.
  ///
  /// - Parameter json: At most 1 MiB.
  /// - Throws: ``ParseError`` when a known member is invalid.
  public init(json: String) throws(ParseError) {
    self = try ServiceConfigReader.read(json)
  }
}

/// When too many failures of a channel stop all repetition (gRFC A6, "Throttling").
///
/// A count starts at its maximum. Every failure that a policy would repeat decrements it, every success adds a
/// fraction. While it is at most half of the maximum nothing is repeated.
public struct RetryThrottling: Sendable, Hashable {
  /// The greatest count, 1 to 1000.
  public var maxTokens: Int
  /// The amount that a success adds, above zero. Digits after the third decimal place are ignored.
  public var tokenRatio: Double

  /// Makes a rule.
  public init(maxTokens: Int, tokenRatio: Double) {
    self.maxTokens = maxTokens
    self.tokenRatio = tokenRatio
  }
}
