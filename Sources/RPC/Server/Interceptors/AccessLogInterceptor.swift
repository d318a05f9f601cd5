public import Logging
import NIOCore

/// Logs every call: method, status, reason, duration, sizes and trace. Contains no messages, metadata, addresses or
/// error texts, so no personal data.
///
/// Add it after ``TracingServerInterceptor``. When the logger's level is above `level`, only failures of the server
/// itself (UNKNOWN, INTERNAL, DATA_LOSS) are logged, as errors.
public struct AccessLogInterceptor: CallEndObserver {
  private let logger: Logger
  private let level: Logger.Level

  /// Makes the interceptor.
  ///
  /// - Parameters:
  ///   - logger: Receives the lines.
  ///   - level: The level of the lines of calls that the server did not fail.
  public init(logger: Logger, level: Logger.Level = .info) {
    self.logger = logger
    self.level = level
  }

  /// Logs a call.
  public func ended(_ context: ServerContext, _ error: RPCError?) {
    let level = error.map(Self.isServerFault) == true ? max(level, .error) : level
    if logger.logLevel <= level { log(context, error, level) }
  }

  /// Whether the server caused the error. A client's own violation, such as a malformed message, is INTERNAL but not
  /// its fault.
  private static func isServerFault(_ error: RPCError) -> Bool {
    guard error.code == .unknown || error.code == .internalError || error.code == .dataLoss else { return false }
    guard let info = error.info, info.domain == RuntimeReason.domain else { return true }
    return info.reason == RuntimeReason.handlerFailed.rawValue
  }

  private func log(_ context: ServerContext, _ error: RPCError?, _ level: Logger.Level) {
    var fields: Logger.Metadata = [
      "method": "\(context.method.fullName)",
      "status": "\(error?.code ?? .ok)",
      "duration_us": "\((NIODeadline.now() - context.startedAt).nanoseconds / 1000)",
      "request_bytes": "\(context.requestBytes)",
      "response_bytes": "\(context.responseBytes)",
    ]
    if let trace = context.trace { fields["trace_id"] = "\(trace.traceID)" }
    if let info = error?.info { fields["reason"] = "\(info.reason)" }
    if let cause = error?.cause { fields["cause"] = "\(type(of: cause))" }
    logger.log(level: level, "call", metadata: fields)
  }
}
