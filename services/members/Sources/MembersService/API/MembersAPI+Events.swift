import Basics
import CommonProto
public import MembersProto
import Messages
import Postgres
public import ServiceKit

extension MembersAPI {
  /// Writes an event of a member into the log, in the transaction of the change.
  func announce(
    _ kind: MembersV1.MemberEvent.OneOfKind,
    of member: Member,
    in transaction: Transaction
  ) async throws {
    let event = MembersV1.MemberEvent(recordedAt: GoogleProtobuf.Timestamp(date: member.updatedAt), kind: kind)
    try await events.append(event, key: member.id.text, in: transaction)
  }
}

extension MembersV1.MemberEvent.OneOfKind: EventKind {
  /// The kind's name in the log.
  public var type: String {
    switch self {
    case .memberRegistered: "member_registered"
    case .memberUpdated: "member_updated"
    }
  }
}
