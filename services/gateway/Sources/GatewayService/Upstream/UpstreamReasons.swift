/// How reasons of upstream services are translated. Unlisted reasons concern the caller and are forwarded.
enum UpstreamReasons {
  /// Reasons about requests that the gateway itself made, which its callers never saw, by service.
  private static let replaced: [String: [String: GatewayReason]] = [
    "campaigns": [
      "RESERVATION_NOT_FOUND": .couponsNotHeld, "ORDER_POSTED": .couponsNotHeld, "ORDER_NOT_POSTED": .upstreamFailed,
      "TEMPLATE_NOT_FOUND": .upstreamFailed, "TEMPLATE_CODE_TAKEN": .upstreamFailed,
    ],
    "loyalty": [
      "RESERVATION_VOIDED": .couponsNotHeld, "RESERVATION_ALREADY_POSTED": .upstreamFailed,
      "CURRENCY_IN_USE": .upstreamFailed, "ENTRIES_ARCHIVED": .upstreamFailed, "ASSET_EXISTS": .upstreamFailed,
      "WRONG_KIND_OF_ASSET": .upstreamFailed, "HOLD_NOT_FOUND": .upstreamFailed, "HOLD_TOO_SMALL": .upstreamFailed,
      "TOO_MANY_HOLDS": .upstreamFailed, "PENDING_NOT_FOUND": .upstreamFailed, "APPROVAL_NEEDED": .upstreamFailed,
      "ADJUSTMENT_TOO_LARGE": .upstreamFailed,
    ],
  ]

  /// Replaces sentences about calls that the gateway does not have.
  private static let sentences = ["ASSET_NOT_FOUND": "The programme has no such asset."]

  /// Facts about what the gateway itself made and its callers never saw.
  static let hiddenFacts: Set<String> = ["reservation_id"]

  /// Returns the gateway's reason instead of a service's, nil to forward the service's.
  static func replacement(of reason: String, from service: String) -> GatewayReason? { replaced[service]?[reason] }

  /// Returns the sentence for a forwarded reason.
  static func sentence(of reason: String?, _ said: String) -> String { reason.flatMap { sentences[$0] } ?? said }
}
