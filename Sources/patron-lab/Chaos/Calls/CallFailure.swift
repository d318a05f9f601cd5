import RPC

/// What a call that was not answered means to its caller.
enum CallFailure: Hashable, Sendable {
  /// Whether it was done is not known: it is to be sent again.
  case unknown
  /// It was not done, for a reason that the traffic brings about.
  case refused(reason: String)
  /// The points service may not answer so.
  case wrong(String)

  /// Refusals that are business as usual: balances are low, and two may take the same order back.
  private static let usualReasons: Set<String> = ["INSUFFICIENT_POINTS", "ORDER_ALREADY_REVERSED"]

  /// Codes by which a service or the way to it says that it could not. Internal errors are among them: what is wrong then
  /// shows in the ledger, or never ends.
  private static let passingCodes: Set<StatusCode> = [
    .unavailable, .deadlineExceeded, .aborted, .resourceExhausted, .cancelled, .internalError, .unknown,
  ]

  init(_ error: any Error) {
    guard let error = error as? RPCError else {
      self = .wrong("\(error)")
      return
    }
    let reason = error.info?.reason ?? ""
    if Self.usualReasons.contains(reason) {
      self = .refused(reason: reason)
    } else if Self.passingCodes.contains(error.code) {
      self = .unknown
    } else {
      self = .wrong("\(error.code) \(reason) \(error.message)")
    }
  }
}
