import Basics
public import Foundation
public import MembersProto
public import Postgres
import RPC
public import ServiceKit

/// The members that a service knows of: all of whom it has heard by members' events, and those that it had to ask for.
///
/// Events take a moment, and a service may be behind: so a member who is not known here is never refused before members
/// was asked. Whoever is known costs no call.
///
/// Needs the tables `known_member`, `event_cursor` and `event_set_aside` of `service-tables.sql`.
public struct KnownMembers: Sendable {
  /// A statement needs a member of whom nothing has been heard.
  struct Unheard: Error {
    let member: UUID
  }

  private let database: Database
  private let members: MembersV1.MembersServiceClient
  private let domain: String
  private let follower: MemberFollower

  /// - Parameters:
  ///   - members: The way to members.
  ///   - domain: The `ErrorInfo.domain` of refusals.
  public init(_ kit: ServiceResources, members: MembersV1.MembersServiceClient, domain: String) {
    database = kit.database
    self.members = members
    self.domain = domain
    follower = MemberFollower(members: members, kit: kit) { news, transaction in
      try await transaction.execute(Self.recording(news))
    }
  }

  /// The work of following members, for the service's jobs.
  public var jobs: [Job] { follower.jobs }

  /// The standing of a member as an expression of a statement; null if nothing has been heard of such a member.
  public static func standing(of member: UUID) -> SQL {
    "(SELECT standing FROM known_member WHERE known_member.member_id = \(member))"
  }

  /// The standing that a statement has read for a member. For use within ``asking(_:)``.
  public func standing(_ found: MemberStanding?, of member: UUID) throws -> MemberStanding {
    guard let found else { throw Unheard(member: member) }
    return found
  }

  /// The standing of a member. For use within ``asking(_:)``.
  public func standing(of member: UUID, in transaction: Transaction) async throws -> MemberStanding {
    let rows = try await transaction.query("SELECT \(Self.standing(of: member))")
    return try standing(try rows[0].decode(column: 0, as: MemberStanding?.self), of: member)
  }

  /// Does something that needs to know a member; if nothing has been heard of the member, asks members and does it once
  /// more.
  ///
  /// - Throws: `NOT_FOUND` with `MEMBER_NOT_FOUND` if there is no such member; `UNAVAILABLE` with `MEMBERS_UNAVAILABLE` if
  ///   members cannot be asked: then nothing was done, and the same request may be sent again.
  public func asking<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let unheard as Unheard {
      try await ask(unheard.member)
      return try await body()
    }
  }

  private func ask(_ member: UUID) async throws {
    let news: MemberNews
    do {
      let found = try await members.getMember(MembersV1.GetMemberRequest(memberID: member.text)).member
      guard let standing = found.flatMap({ MemberStanding($0.status) }) else {
        throw RPCError(code: .internalError, message: "members gave a status that is not known")
      }
      news = MemberNews(member: member, standing: standing)
    } catch {
      throw refusal(of: member, error)
    }
    // An event that was heard meanwhile may be younger than the answer.
    try await database.execute("\(Self.insertion([news])) ON CONFLICT (member_id) DO NOTHING")
  }

  private func refusal(of member: UUID, _ error: any Error) -> any Error {
    guard let error = error as? RPCError, error.code != .cancelled else { return error }
    if error.code == .notFound, error.info?.reason == CommonReason.memberNotFound.rawValue {
      return CommonReason.memberNotFound.error(domain: domain, metadata: ["member_id": member.text])
    }
    var refusal = CommonReason.membersUnavailable.error(domain: domain)
    refusal.details.append(.retryInfo(RetryInfo(retryDelay: .milliseconds(250))))
    refusal.cause = error
    return refusal
  }
}

extension KnownMembers {
  /// Records what was heard; of each member the latest counts.
  private static func recording(_ news: [MemberNews]) -> SQL {
    var latest: [UUID: MemberNews] = [:]
    for news in news { latest[news.member] = news }
    return """
      \(insertion(Array(latest.values)))
      ON CONFLICT (member_id) DO UPDATE SET standing = EXCLUDED.standing
      WHERE known_member.standing <> EXCLUDED.standing
      """
  }

  /// In the order of their ids, so that no two insertions wait for each other.
  private static func insertion(_ news: [MemberNews]) -> SQL {
    """
    INSERT INTO known_member (member_id, standing)
    SELECT member_id, standing FROM unnest(\(news.map(\.member)), \(news.map(\.standing))) AS heard (member_id, standing)
    ORDER BY member_id
    """
  }
}
