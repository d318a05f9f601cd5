/// How the calls of a channel are spread over servers, retried and bounded. Source: gRPC's service config
/// (grpc/grpc doc/service_config.md, grpc-proto service_config.proto), gRFC A6 for retries.
///
/// ``init(json:)`` reads the form that all gRPC implementations share.
public struct ServiceConfig: Sendable, Equatable {
  /// How calls are spread over the target's addresses. Default ``LoadBalancingPolicy/pickFirst``.
  public var loadBalancing: LoadBalancingPolicy
  /// The service whose `grpc.health.v1` status decides whether an address gets calls; nil, the default, asks no server.
  public var healthCheckService: String?
  /// What holds for single methods and services. Of two entries with the same name the first counts.
  public var methods: [MethodConfig]
  /// When failures are so many that nothing is repeated; nil, the default, repeats whatever a policy says.
  public var retryThrottling: RetryThrottling?

  /// Makes a configuration; whatever is not given has its default.
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

  /// Why a service config could not be used. None of it is used then.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The way to the value at fault, such as `$.methodConfig[0].retryPolicy.maxAttempts`.
    public var place: String
    /// What is wrong with it and what to write instead.
    public var reason: String

    /// One sentence for a log or an operator.
    public var description: String { "the service config is not valid at \(place): \(reason)" }
  }

  /// Reads a service config in JSON. Members that this library does not know are passed over, as gRPC demands.
  ///
  /// - Parameter json: At most 1 MiB.
  /// - Throws: ``ParseError`` when anything that is known is not valid.
  public init(json: String) throws(ParseError) {
    self = try ServiceConfigReader.read(json)
  }
}

/// When the failures of a channel are so many that none of its calls is repeated (gRFC A6, "Throttling").
///
/// A count starts at its maximum. Every failure that a policy would repeat takes one away, every success adds a part of
/// one. While it is at most half of the maximum nothing is repeated.
public struct RetryThrottling: Sendable, Hashable {
  /// The highest count, 1 to 1000.
  public var maxTokens: Int
  /// What a success adds, above zero; digits after the third decimal place are ignored.
  public var tokenRatio: Double

  /// Makes a rule.
  public init(maxTokens: Int, tokenRatio: Double) {
    self.maxTokens = maxTokens
    self.tokenRatio = tokenRatio
  }
}
