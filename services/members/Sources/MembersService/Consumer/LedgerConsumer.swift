import PatronAPI
import ServiceKit

/// Follows the ledger's event log and records what members bought, each event exactly once.
struct LedgerConsumer: Sendable {
  private let consumer: EventConsumer<LoyaltyV1.SubscribeResponse>

  /// A consumer that asks `loyalty` for events and records them in `purchases`.
  init(loyalty: LoyaltyV1.LoyaltyServiceClient, purchases: PurchaseStore, kit: ServiceResources) {
    consumer = EventConsumer(source: "loyalty", kit: kit) { cursor in
      try await loyalty.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor))
    } apply: { events, transaction in
      try await purchases.record(LedgerNews(events), in: transaction)
    }
  }

  /// Run until they are cancelled.
  var jobs: [Job] { consumer.jobs }
}
