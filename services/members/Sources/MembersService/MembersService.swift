public import Foundation
import PatronAPI
import RPC
public import ServiceKit

/// The members service: who the members are, how they are recognised, and what they bought.
public enum MembersService: PatronService {
  /// `members`
  public static let name = "members"
  /// What it is for, in a line.
  public static let summary = "Members: who they are, how they are recognised, and what they bought."
  /// 7401, and 7491 for its operator.
  public static let ports = ServicePorts(listen: 7401, admin: 7491)
  /// The numbered SQL files of its schema.
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  /// Puts the service together.
  public static func assemble(_ kit: ServiceResources, _ settings: MembersSettings) async throws -> ServiceParts {
    let purchases = PurchaseStore(
      database: kit.database,
      linesPerPage: PageBudget(maximum: settings.purchaseLinesPerPage)
    )
    let events = EventLog(
      database: kit.database,
      settings: kit.eventLogSettings,
      domain: MembersReason.domain,
      metrics: kit.metrics,
      logger: kit.logger
    )
    let api = MembersAPI(
      members: MemberStore(database: kit.database),
      purchases: purchases,
      events: events,
      idempotency: kit.idempotency(domain: MembersReason.domain, events: events),
      requestTimes: kit.requestTimes,
      pages: kit.pages,
      pageBytes: PageBudget(maximum: settings.pageSize.bytes),
      clock: kit.clock,
      ids: kit.ids
    )
    let ledger = try settings.loyalty.map { peer in
      LedgerConsumer(
        loyalty: LoyaltyV1.LoyaltyServiceClient(try kit.channel(to: peer)),
        purchases: purchases,
        kit: kit
      )
    }
    return ServiceParts(services: [api], jobs: (ledger?.jobs ?? []) + events.jobs)
  }
}
