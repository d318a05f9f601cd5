public import Foundation
import LoyaltyProto
import RPC
public import ServiceKit

/// The members service: who the members are, how they are identified, and what they bought.
public enum MembersService: PatronService {
  /// The service's name.
  public static let name = "members"
  /// A summary in one line.
  public static let summary = "Members: who they are, how they are recognised, and what they bought."
  /// Port 7401, and 7491 for the operator.
  public static let ports = ServicePorts(listen: 7401, admin: 7491)
  /// The numbered SQL files of the schema.
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  /// Assembles the service.
  public static func assemble(_ kit: ServiceResources, _ settings: MembersSettings) async throws -> ServiceParts {
    let purchases = PurchaseStore(
      database: kit.database,
      linesPerPage: PageBudget(maximum: settings.purchaseLinesPerPage)
    )
    let events = EventLog(kit, domain: MembersReason.domain)
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
