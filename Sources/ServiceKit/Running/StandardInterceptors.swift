public import CoreMetrics
public import Logging
public import RPC

/// The interceptors that every Patron process has, in their order.
public enum StandardInterceptors {
  /// Around every call being served, the outermost first: metrics, traces, the access log, the proof that refusals are
  /// declared, the end of endless calls when the service stops, the caller's identity, and the statuses of the database's errors.
  ///
  /// - Parameters:
  ///   - service: The service's name; refusals have the domain `<service>.patron`.
  ///   - tracing: What is recorded of traces.
  ///   - reasonCheck: Looks for refusals that the protos do not declare.
  ///   - isAccessLogged: Whether every finished call is logged; failures of the service itself are logged anyway.
  public static func server(
    service: String,
    metrics: any MetricsFactory,
    drain: Drain = Drain(),
    tracing: Tracing = .off,
    reasonCheck: DeclaredReasonCheck? = nil,
    isAccessLogged: Bool = false,
    logger: Logger
  ) -> [any ServerInterceptor] {
    [MetricsServerInterceptor(factory: metrics)] + tracing.serverInterceptors + [
      AccessLogInterceptor(logger: logger, level: isAccessLogged ? .info : .debug)
    ] + (reasonCheck.map { [$0] } ?? []) + [
      DrainInterceptor(drain: drain),
      CallerIdentityInterceptor(),
      ErrorMappingInterceptor(domain: "\(service).patron", logger: logger),
    ]
  }
}
