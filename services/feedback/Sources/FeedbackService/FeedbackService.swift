public import Foundation
import PatronAPI
import RPC
public import ServiceKit

/// The feedback service: what members tell the chain, and what the chain does about it.
public enum FeedbackService: PatronService {
  /// `feedback`
  public static let name = "feedback"
  /// What it is for, in a line.
  public static let summary = "Feedback: what members tell the chain, and what the chain does about it."
  /// 7404, and 7494 for its operator.
  public static let ports = ServicePorts(listen: 7404, admin: 7494)
  /// The numbered SQL files of its schema.
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  /// Puts the service together.
  public static func assemble(_ kit: ServiceResources, _ settings: FeedbackSettings) async throws -> ServiceParts {
    let events = EventLog(
      database: kit.database,
      settings: kit.eventLogSettings,
      domain: FeedbackReason.domain,
      metrics: kit.metrics,
      logger: kit.logger
    )
    let members = KnownMembers(
      kit,
      members: MembersV1.MembersServiceClient(try kit.channel(to: settings.members)),
      domain: FeedbackReason.domain
    )
    let api = FeedbackAPI(
      store: FeedbackStore(database: kit.database),
      members: members,
      events: events,
      idempotency: kit.idempotency(domain: FeedbackReason.domain, events: events),
      requestTimes: kit.requestTimes,
      pages: kit.pages,
      pageBytes: PageBudget(maximum: settings.pageSize.bytes),
      clock: kit.clock,
      ids: kit.ids
    )
    return ServiceParts(services: [api], jobs: members.jobs + events.jobs)
  }
}
