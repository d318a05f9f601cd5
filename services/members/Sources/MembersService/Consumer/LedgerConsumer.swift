import Messages
import PatronAPI
import ServiceKit

/// Follows the ledger's event log and records what members bought, each event exactly once.
struct LedgerConsumer: Sendable {
  private let consumer: EventConsumer<LoyaltyV1.SubscribeResponse, LoyaltyV1.LoyaltyEvent>

  /// A consumer that asks `loyalty` for events and records them in `purchases`.
  init(loyalty: LoyaltyV1.LoyaltyServiceClient, purchases: PurchaseStore, kit: ServiceResources) {
    consumer = EventConsumer(
      source: "loyalty",
      database: kit.database,
      settings: kit.consumerSettings,
      metrics: kit.metrics,
      logger: kit.logger,
      subscribe: { cursor in try await loyalty.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor)) },
      batch: { response in
        ConsumedBatch(
          events: response.events,
          cursor: response.cursor,
          latest: response.events.last?.recordedAt?.date
        )
      },
      apply: { events, transaction in try await purchases.record(LedgerNews(events), in: transaction) }
    )
  }

  /// Runs until it is cancelled.
  var job: Job { consumer.job }
}
