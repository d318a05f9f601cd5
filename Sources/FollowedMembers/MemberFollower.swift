public import MembersProto
public import Postgres
import RPC
public import ServiceKit

/// Follows members' event log for a service that needs to know who is a member and in which standing.
///
/// The service starts, and serves what it can, without members: following begins when members is there.
public struct MemberFollower: Sendable {
  private let consumer: EventConsumer<MembersV1.SubscribeResponse>

  /// - Parameters:
  ///   - members: The way to members.
  ///   - kit: The following service's own resources.
  ///   - record: Records what was heard, in the order heard, in the transaction that stores how far it was heard. It runs
  ///     again when the transaction fails, so it must have no other effects.
  public init(
    members: MembersV1.MembersServiceClient,
    kit: ServiceResources,
    record: @escaping @Sendable (_ news: [MemberNews], _ transaction: Transaction) async throws -> Void
  ) {
    consumer = EventConsumer(source: "members", kit: kit) { cursor in
      // Services that follow each other start together, and that is a fault of neither.
      try await members.subscribe(
        MembersV1.SubscribeRequest(cursor: cursor),
        options: CallOptions(waitForReady: true)
      )
    } apply: { events, transaction in
      let news = try events.compactMap { try MemberNews($0) }
      if !news.isEmpty { try await record(news, transaction) }
    }
  }

  /// Run until they are cancelled.
  public var jobs: [Job] { consumer.jobs }
}
