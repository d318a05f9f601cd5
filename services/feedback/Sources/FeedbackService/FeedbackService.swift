import FollowedMembers
public import Foundation
import MembersProto
import RPC
public import ServiceKit

/// The feedback service: what members report to the chain, and how the chain handles it.
public enum FeedbackService: PatronService {
  /// The service's name.
  public static let name = "feedback"
  /// A summary in one line.
  public static let summary = "Feedback: what members tell the chain, and what the chain does about it."
  /// Port 7404, and 7494 for the operator.
  public static let ports = ServicePorts(listen: 7404, admin: 7494)
  /// The numbered SQL files of the schema.
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  /// Assembles the service.
  public static func assemble(_ kit: ServiceResources, _ settings: FeedbackSettings) async throws -> ServiceParts {
    let events = EventLog(kit, domain: FeedbackReason.domain)
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
