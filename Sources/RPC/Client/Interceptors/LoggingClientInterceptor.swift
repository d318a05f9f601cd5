public import Logging

/// Logs every finished call: method, target, status, reason, duration, attempts and trace. Contains no messages,
/// metadata, addresses or error texts, so no personal data.
///
/// Add it after ``TracingClientInterceptor``, so that the line names the trace.
public struct LoggingClientInterceptor: ClientInterceptor {
  private let logger: Logger
  private let successLevel: Logger.Level
  private let failureLevel: Logger.Level

  /// - Parameters:
  ///   - logger: Receives the lines.
  ///   - successLevel: The level of calls that ended with OK.
  ///   - failureLevel: The level of all other calls.
  public init(logger: Logger, successLevel: Logger.Level = .debug, failureLevel: Logger.Level = .info) {
    self.logger = logger
    self.successLevel = successLevel
    self.failureLevel = failureLevel
  }

  /// Adds an observer that logs the call when it ends.
  public func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    guard logger.logLevel <= max(successLevel, failureLevel) else { return try await next(call) }
    var observed = call
    observed.observers.append(Observer(interceptor: self, call: call))
    return try await next(observed)
  }

  private struct Observer: CallObserver {
    let interceptor: LoggingClientInterceptor
    let call: OutgoingCall

    func ended(_ summary: CallSummary) {
      let level = summary.error == nil ? interceptor.successLevel : interceptor.failureLevel
      guard interceptor.logger.logLevel <= level else { return }
      var fields: Logger.Metadata = [
        "method": "\(call.method.fullName)",
        "target": "\(call.target)",
        "status": "\(summary.status)",
        "duration_us": "\(Int(summary.duration / .microseconds(1)))",
        "attempts": "\(summary.attempts)",
      ]
      if let trace = call.trace { fields["trace_id"] = "\(trace.traceID)" }
      if let info = summary.error?.info { fields["reason"] = "\(info.reason)" }
      interceptor.logger.log(level: level, "outgoing call", metadata: fields)
    }
  }
}
