public import Foundation
public import ServiceKit

/// The service: what it is called, where its migrations are, and how its parts are put together.
public enum Loyalty: PatronService {
  public static let name = "loyalty"
  public static let summary = "Loyalty: the points programme and its ledger."
  public static let ports = ServicePorts(listen: 7402, admin: 7492)
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  public static func assemble(_ kit: ServiceResources, _ settings: LoyaltySettings) async throws -> ServiceParts {
    let events = EventLog(
      database: kit.database,
      settings: kit.eventLogSettings,
      metrics: kit.metrics,
      logger: kit.logger
    )
    let programmes = ProgrammeStore(database: kit.database)
    try await programmes.createIfMissing(.first(currency: settings.programmeCurrency, now: kit.clock.now))
    let face = LoyaltyFace(
      programmes: programmes,
      accounts: AccountStore(database: kit.database),
      orders: OrderStore(database: kit.database, events: events),
      reservations: ReservationStore(database: kit.database),
      events: events,
      idempotency: kit.idempotency(domain: LoyaltyReason.domain, events: events),
      pages: kit.pages,
      clock: kit.clock,
      ids: kit.ids,
      occurredAheadMaximum: settings.occurredAheadMaximum
    )
    return ServiceParts(services: [face], jobs: events.jobs)
  }
}

extension Programme {
  /// What a chain begins with: one point for every 100 minor units paid, rounded down; 100 points pay 100 minor units.
  static func first(currency: String, now: Date) -> Programme {
    Programme(
      name: "Points",
      currencyCode: currency,
      earnRule: EarnRule(points: 1, perMinorUnits: 100, rounding: .down),
      redeemRule: RedeemRule(points: 100, minorUnits: 100),
      version: 1,
      updatedAt: now
    )
  }
}
