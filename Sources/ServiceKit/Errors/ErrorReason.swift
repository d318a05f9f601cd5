public import RPC

/// The refusals of one service, declared in one place: an enum whose raw values are the stable `ErrorInfo.reason`.
///
/// ```swift
/// enum LoyaltyReason: String, ErrorReason {
///   static let domain = "loyalty.patron"
///   case insufficientPoints = "INSUFFICIENT_POINTS"
///   var code: StatusCode { .failedPrecondition }
///   var sentence: String { "The balance is lower than the points to redeem." }
/// }
/// throw LoyaltyReason.insufficientPoints.error(metadata: ["balance_points": "12"])
/// ```
public protocol ErrorReason: RawRepresentable<String>, CaseIterable, Sendable {
  /// The `ErrorInfo.domain` of all of them, for example `loyalty.patron`.
  static var domain: String { get }
  /// The status that a call refused for this reason ends with.
  var code: StatusCode { get }
  /// What it means, for people; the status message unless the refusal says something more precise.
  var sentence: String { get }
}

extension ErrorReason {
  /// The error to throw.
  ///
  /// - Parameters:
  ///   - message: Instead of ``sentence``. Never put personal data into it.
  ///   - metadata: Facts for programs, under lower_snake_case names.
  ///   - details: Further details beside `ErrorInfo`.
  public func error(
    _ message: String? = nil,
    metadata: [String: String] = [:],
    details: [ErrorDetail] = []
  ) -> RPCError {
    let info = ErrorInfo(reason: rawValue, domain: Self.domain, metadata: metadata)
    return RPCError(code: code, message: message ?? sentence, details: [.errorInfo(info)] + details)
  }

  /// Whether an error that another call ended with has this reason.
  public func matches(_ error: any Error) -> Bool {
    guard let info = (error as? RPCError)?.info else { return false }
    return info.reason == rawValue && info.domain == Self.domain
  }
}
