import Basics
import FollowedMembers
public import Foundation
import LoyaltyProto
import MembersProto
public import ServiceKit

/// The service: what it is called, where its migrations are, and how its parts are put together.
public enum LoyaltyService: PatronService {
  public static let name = "loyalty"
  public static let summary = "Loyalty: the points programme and its ledger."
  public static let ports = ServicePorts(listen: 7402, admin: 7492)
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  public static func assemble(_ kit: ServiceResources, _ settings: LoyaltySettings) async throws -> ServiceParts {
    let events = EventLog(kit, domain: LoyaltyReason.domain)
    let programmes = ProgrammeStore(database: kit.database)
    try await programmes.createIfMissing(.first(currency: settings.programmeCurrency, now: kit.clock.now))
    guard let timeZone = TimeZone(identifier: settings.timeZone) else {
      throw BrokenInvariant("the time zone was validated when the settings were read")
    }
    let calendar = ProgrammeCalendar(timeZone: timeZone)
    let partitioner = LedgerPartitioner(database: kit.database, settings: settings.partitions, clock: kit.clock)
    // If it fails the service starts all the same: what has no other is in the default partition. The job logs why.
    try? await partitioner.prepare()
    let ledger = LedgerEngine(
      database: kit.database,
      settings: settings.ledger,
      calendar: calendar,
      suspension: settings.suspended,
      clock: kit.clock,
      encode: LedgerMessages(ids: kit.ids).encode,
      metrics: kit.metrics,
      logger: kit.logger,
      announce: events.wake
    )
    let sealer = LedgerSealer(
      store: SealStore(database: kit.database),
      settings: settings.seals,
      calendar: calendar,
      clock: kit.clock
    )
    let assets = AssetRegister(store: AssetStore(database: kit.database))
    let expiry = ExpiryJob(
      store: ExpiryStore(database: kit.database),
      ledger: ledger,
      events: events,
      announce: { notice, transaction in
        let asset = try await assets.code(notice.key.asset)
        let event = LoyaltyV1.LoyaltyEvent(notice, asset: asset, at: kit.clock.now)
        try await events.append(event, key: notice.key.member.text, in: transaction)
      },
      settings: settings.expiry,
      calendar: calendar,
      clock: kit.clock,
      ids: kit.ids
    )
    let api = LoyaltyAPI(
      programmes: programmes,
      accounts: AccountStore(database: kit.database),
      log: LedgerLog(database: kit.database),
      balances: AccountReader(
        accounts: AccountStore(database: ledger.readingDatabase),
        batchMaximum: settings.ledger.batchMaximum
      ),
      orders: OrderStore(database: kit.database),
      reservations: ReservationStore(database: kit.database),
      assets: assets,
      events: events,
      ledger: ledger,
      calendar: calendar,
      idempotency: kit.idempotency(domain: LoyaltyReason.domain, events: events),
      requestTimes: kit.requestTimes,
      pages: kit.pages,
      clock: kit.clock,
      ids: kit.ids,
      settings: settings,
      logger: kit.logger
    )
    let members = try settings.members.map { peer in
      let standings = StandingStore()
      return MemberFollower(members: MembersV1.MembersServiceClient(try kit.channel(to: peer)), kit: kit) {
        try await standings.record($0, at: Instant(kit.clock.now), in: $1)
      }
    }
    let jobs = (members?.jobs ?? []) + events.jobs + ledger.jobs + sealer.jobs + partitioner.jobs + expiry.jobs
    return ServiceParts(services: [api], jobs: jobs)
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
