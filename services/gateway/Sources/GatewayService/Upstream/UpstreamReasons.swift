/// What becomes of the reasons of the services behind the gateway. A reason that is not listed is the caller's business and
/// comes through.
enum UpstreamReasons {
  /// Reasons about what the gateway itself asked, in terms that its callers never saw, by service.
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

  /// What is said instead of sentences that name calls which the gateway does not have.
  private static let sentences = ["ASSET_NOT_FOUND": "The programme has no such asset."]

  /// Facts about what the gateway made itself and its callers never saw.
  static let hiddenFacts: Set<String> = ["reservation_id"]

  /// What the caller is told instead of a service's reason; nil if the reason comes through.
  static func replacement(of reason: String, from service: String) -> GatewayReason? { replaced[service]?[reason] }

  /// What is said of a reason that comes through.
  static func sentence(of reason: String?, _ said: String) -> String { reason.flatMap { sentences[$0] } ?? said }
}
