/// One kind of request in the mix. Another one is another file like `EarnKind.swift`, and a word in ``all``.
struct LoadKind: Sendable {
  /// What it is called in `--mix` and in the report.
  let name: String
  /// What it does, for `--help`.
  let summary: String
  /// Whom it can be asked of.
  let faces: Set<LoadFace>
  /// Whether it makes sales, which others give back or repeat.
  let sells: Bool
  /// Its weight in the mix that nobody chose, in percent.
  let standardWeight: @Sendable (LoadFace) -> Double
  /// Works out the requests of one arrival: usually one; none if they are to come later. Must be quick: the next
  /// arrival waits for it.
  let draft: @Sendable (LoadTill) -> [LoadCall]
  /// The requests that are still to come when there are no more arrivals.
  var rest: @Sendable (LoadTill) -> [LoadCall] = { _ in [] }

  /// Every kind there is.
  static let all: [LoadKind] = [.earn, .redeem, .storedValue, .coupon, .refund, .duplicate, .late]

  /// The kind with this name.
  static func named(_ name: String) -> LoadKind? {
    all.first { $0.name == name }
  }
}

/// One request, ready to be sent.
struct LoadCall: Sendable {
  /// The kind that it counts for.
  var kind: String
  /// How long after its arrival it is meant to start.
  var delay: Duration = .zero
  /// Sends it and returns once it is answered.
  var send: @Sendable (LoadTill) async throws -> Void
}
