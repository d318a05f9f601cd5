import CommonProto
import Messages
import RPC

/// How calls to another service find one of its instances, and when they are sent again.
enum PeerServiceConfig {
  /// How long a hedged read waits for its answer before a second request is sent.
  private static let hedgingDelay = Duration.milliseconds(50)

  /// Calls are spread over all instances that report to be serving. One that is UNAVAILABLE may be sent again, because
  /// every mutation is idempotent by its request id; while many fail, none is (gRFC A6, "Throttling").
  ///
  /// - Parameters:
  ///   - service: The full name of the other service, nil when nothing about its methods is known.
  ///   - files: The files that declare it, whose policies say which reads are hedged.
  static func make(_ service: String?, _ files: FileDescriptors?) -> ServiceConfig {
    ServiceConfig(
      loadBalancing: .roundRobin,
      healthCheckService: "",
      methods: hedged(service, files) + [MethodConfig(names: [MethodConfig.Name()], attempts: .retry(retry))],
      retryThrottling: RetryThrottling(maxTokens: 100, tokenRatio: 0.1)
    )
  }

  private static var retry: RetryPolicy {
    RetryPolicy(
      maxAttempts: 3,
      initialBackoff: .milliseconds(50),
      maxBackoff: .milliseconds(500),
      backoffMultiplier: 2,
      retryableStatusCodes: [.unavailable]
    )
  }

  private static func hedged(_ service: String?, _ files: FileDescriptors?) -> [MethodConfig] {
    guard let service, let methods = files?.service(service)?.methods else { return [] }
    let names = methods.filter { MethodPolicies.policy(of: $0).hedged }
      .map { MethodConfig.Name(service: service, method: $0.name) }
    guard !names.isEmpty else { return [] }
    let policy = HedgingPolicy(maxAttempts: 2, hedgingDelay: hedgingDelay, nonFatalStatusCodes: [.unavailable])
    return [MethodConfig(names: names, attempts: .hedging(policy))]
  }
}
