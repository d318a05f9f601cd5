public import RPC
public import ServiceKit

/// Why the gateway itself refuses a call. Reasons of the services behind it are forwarded with their own domains.
public enum GatewayReason: String, ErrorReason {
  public static let domain = "gateway.patron"

  /// Other calls released or took the coupons during the sale. The same call may be repeated.
  case couponsNotHeld = "COUPONS_NOT_HELD"
  /// The programme has no such asset.
  case assetNotFound = "ASSET_NOT_FOUND"
  /// A service behind the gateway is unreachable. The same call may be repeated.
  case upstreamUnavailable = "UPSTREAM_UNAVAILABLE"
  /// A service behind the gateway did not answer in time. The same call may be repeated.
  case upstreamTimeout = "UPSTREAM_TIMEOUT"
  /// A service behind the gateway failed in a way that does not concern the caller.
  case upstreamFailed = "UPSTREAM_FAILED"

  /// The reasons for which every call may be refused, whatever it does.
  static let ofEveryCall = Set([upstreamUnavailable, upstreamTimeout, upstreamFailed].map(\.rawValue))

  public var code: StatusCode {
    switch self {
    case .couponsNotHeld: .aborted
    case .assetNotFound: .notFound
    case .upstreamUnavailable: .unavailable
    case .upstreamTimeout: .deadlineExceeded
    case .upstreamFailed: .internalError
    }
  }

  public var sentence: String {
    switch self {
    case .couponsNotHeld: "The coupons could not be held until the sale was posted. Send the same request again."
    case .assetNotFound: "The programme has no such asset."
    case .upstreamUnavailable: "A service that is needed can't be reached now. Send the same request again."
    case .upstreamTimeout: "A service that is needed did not answer in time. Send the same request again."
    case .upstreamFailed: "A service that is needed failed."
    }
  }
}

/// Why a single field is refused, beyond the reasons that every service has.
enum FieldReason: String, FieldRefusalReason {
  /// A member gives nothing to be recognised by.
  case identifierRequired = "IDENTIFIER_REQUIRED"
}
