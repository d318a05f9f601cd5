import Foundation
import ServiceKit

/// One kind of request in the mix. Another one is another file like `EarnKind.swift`, and a word in ``all``.
package struct LoadKind: Sendable {
  /// What it is called in `--mix` and in the report.
  package let name: String
  /// What it does, for `--help`.
  package let summary: String
  /// Whom it can be asked of.
  package let services: Set<LoadService>
  /// Whether it makes sales, which others give back or repeat.
  let sells: Bool
  /// Its weight in the mix that nobody chose, in percent.
  let standardWeight: @Sendable (LoadService) -> Double
  /// Works out the requests of one arrival: usually one; none if they are to come later. Must be quick: the next
  /// arrival waits for it.
  let draft: @Sendable (LoadTill) -> [LoadCall]
  /// The requests that are still to come when there are no more arrivals.
  var rest: @Sendable (LoadTill) -> [LoadCall] = { _ in [] }

  /// Every kind there is.
  package static let all: [LoadKind] = [.earn, .redeem, .storedValue, .coupon, .refund, .duplicate, .late]

  /// The kind with this name.
  package static func named(_ name: String) -> LoadKind? {
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

extension LoadKind {
  /// A sale that earns points.
  static let earn = LoadKind(
    name: "earn",
    summary: "a sale that earns points",
    services: [.loyalty, .gateway],
    sells: true,
    standardWeight: { $0 == .loyalty ? 65 : 60 },
    draft: { till in
      let sale = till.newSale()
      return [LoadCall(kind: "earn") { try await $0.post(sale) }]
    }
  )
}

extension LoadKind {
  /// A sale of which a part is paid with points. Refused where the member has too few.
  static let redeem = LoadKind(
    name: "redeem",
    summary: "a sale partly paid with points",
    services: [.loyalty, .gateway],
    sells: true,
    standardWeight: { _ in 20 },
    draft: { till in
      var sale = till.newSale()
      let programme = till.plan.programme
      sale.ensureGross(programme.redeemMinorUnits)
      let most = min(multiplesMaximum, sale.grossMinorUnits / programme.redeemMinorUnits)
      sale.pointsToRedeem = till.number(in: 1...most) * programme.redeemPoints
      let ready = sale
      return [LoadCall(kind: "redeem") { try await $0.post(ready) }]
    }
  )

  /// The most multiples of the redeem rule's points on one sale, so that balances last for a long run.
  private static let multiplesMaximum: Int64 = 5
}

extension LoadKind {
  /// A sale paid from a member's stored value, or money into it: one in five, and as long as nobody has paid in. Refused
  /// where the member has too little.
  static let storedValue = LoadKind(
    name: "stored_value",
    summary: "a sale paid from a member's stored value, or, one in five, 100.00 paid into it",
    services: [.loyalty],
    sells: false,
    standardWeight: { _ in 5 },
    draft: { till in
      let depositor = till.number(in: 1...depositOneIn) == 1 ? nil : till.depositor()
      let sale = till.newSale(member: depositor)
      let movement = StoredValueMovement(
        requestID: sale.requestID,
        memberNumber: sale.memberNumber,
        memberID: sale.memberID,
        asset: till.plan.programme.storedValueAsset,
        minorUnits: depositor == nil ? depositMinorUnits : -sale.grossMinorUnits
      )
      return [LoadCall(kind: "stored_value") { try await $0.move(movement) }]
    }
  )

  /// One in how many is a deposit.
  private static let depositOneIn: Int64 = 5
  /// What is paid in: some six sales, so that most of four payments find enough and some do not.
  private static let depositMinorUnits: Int64 = 10_000
}

extension LoadKind {
  /// An earlier sale of this run, taken back whole; a sale as long as there is none to take back.
  static let refund = LoadKind(
    name: "refund",
    summary: "an earlier sale of the run, taken back",
    services: [.loyalty, .gateway],
    sells: false,
    standardWeight: { _ in 6 },
    draft: { till in
      guard let order = till.takeReturnable() else { return earn.draft(till) }
      let request = till.newRequestID()
      return [LoadCall(kind: "refund") { try await $0.refund(order, requestID: request) }]
    }
  )
}

extension LoadKind {
  /// A sale with a coupon that its member was issued before the run; an ordinary sale once there are none left.
  static let coupon = LoadKind(
    name: "coupon",
    summary: "a sale with a coupon, issued before the run",
    services: [.gateway],
    sells: true,
    standardWeight: { $0 == .gateway ? 10 : 0 },
    draft: { till in
      guard let coupon = till.nextCoupon() else { return earn.draft(till) }
      var sale = till.newSale(member: coupon.memberNumber)
      sale.couponIDs = [coupon.couponID]
      let ready = sale
      return [LoadCall(kind: "coupon") { try await $0.post(ready) }]
    }
  )
}

extension LoadKind {
  /// An answered sale of this run, or movement of a stored value, sent once more under the same request id, as a till does
  /// that missed the answer. The two answers must be the same, byte for byte. A sale as long as none has been answered.
  static let duplicate = LoadKind(
    name: "duplicate",
    summary: "an answered sale or movement of a stored value, sent again: the answer must be the same",
    services: [.loyalty, .gateway],
    sells: false,
    standardWeight: { _ in 3 },
    draft: { till in
      guard let answered = till.repeatable() else { return earn.draft(till) }
      return [LoadCall(kind: "duplicate") { try await $0.sendAgain(answered) }]
    }
  )
}

extension LoadKind {
  /// Sales of a till that was offline: they wait until a batch is full, then come one quickly after the other, under
  /// request ids and times of hours ago.
  static let late = LoadKind(
    name: "late",
    summary: "sales of hours ago, in batches of \(batchSize) from tills that were offline",
    services: [.loyalty, .gateway],
    sells: true,
    standardWeight: { _ in 1 },
    draft: { till in till.queueLate(batchSize: batchSize) ? calls(till) : [] },
    rest: calls
  )

  /// How many sales an offline till has collected.
  private static let batchSize = 20
  /// The time from one sale of a batch to the next, answered or not.
  private static let distance: Duration = .milliseconds(1)

  private static let calls: @Sendable (LoadTill) -> [LoadCall] = { till in
    till.takeLate().enumerated().map { index, sale in
      LoadCall(kind: "late", delay: distance * index) { try await $0.post(sale) }
    }
  }
}
