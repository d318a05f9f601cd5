import Basics
public import Foundation
public import MembersProto
public import Postgres
import ServiceKit

/// What an event of members says that other services need to know: who is a member, and in which standing.
public struct MemberNews: Sendable, Hashable {
  /// The member.
  public let member: UUID
  /// The standing since the event.
  public let standing: MemberStanding

  /// What is to be recorded of a member.
  public init(member: UUID, standing: MemberStanding) {
    self.member = member
    self.standing = standing
  }

  /// Reads an event; nil if it is of a kind that says nothing of this.
  ///
  /// - Throws: ``UnusableEvent`` if it makes no sense.
  public init?(_ event: MembersV1.MemberEvent) throws {
    switch event.kind {
    case .memberRegistered(let registered): try self.init(registered.member)
    case .memberUpdated(let updated): try self.init(updated.member)
    case nil: return nil
    }
  }

  private init(_ member: MembersV1.Member?) throws {
    guard let member else { throw UnusableEvent("it names no member") }
    guard let id = UUID(text: member.memberID) else { throw UnusableEvent("member.member_id is not a UUID") }
    guard let standing = MemberStanding(member.status) else {
      throw UnusableEvent("member.status \(member.status.rawValue) is not known")
    }
    self.init(member: id, standing: standing)
  }
}

/// Whether a member may trade. The numbers are those of `patron.members.v1.MemberStatus` and of the tables.
public enum MemberStanding: Int16, Sendable, Hashable, CaseIterable, PostgresCodable, PostgresArrayElement {
  /// In good standing.
  case active = 1
  /// Suspended by staff. What that means is a setting of each service.
  case suspended = 2

  /// The standing of a member in a status; nil if this version of the service does not know the status.
  public init?(_ status: MembersV1.MemberStatus) {
    guard let number = Int16(exactly: status.rawValue) else { return nil }
    self.init(rawValue: number)
  }
}
