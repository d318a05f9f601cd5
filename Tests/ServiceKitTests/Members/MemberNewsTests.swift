import Basics
import FollowedMembers
import Foundation
import MembersProto
import Testing

@testable import ServiceKit

@Suite("Events of members in other services")
struct MemberNewsTests {
  private let id = UUID()

  private func member(_ status: MembersV1.MemberStatus) -> MembersV1.Member {
    MembersV1.Member(memberID: id.text, status: status)
  }

  @Test("a registration and a change contain the member and the standing")
  func standings() throws {
    let registered = MembersV1.MemberEvent(kind: .memberRegistered(.init(member: member(.active))))
    #expect(try MemberNews(registered) == MemberNews(member: id, standing: .active))
    let updated = MembersV1.MemberEvent(kind: .memberUpdated(.init(member: member(.suspended))))
    #expect(try MemberNews(updated) == MemberNews(member: id, standing: .suspended))
  }

  @Test("every status that a member can have is a standing, under the same number")
  func everyStatus() {
    for status in MembersV1.MemberStatus.allKnownValues where status != .unspecified {
      #expect(MemberStanding(status)?.rawValue == Int16(status.rawValue))
    }
    #expect(MemberStanding(.unspecified) == nil)
    #expect(MemberStanding(MembersV1.MemberStatus(rawValue: 65_537)) == nil)
  }

  @Test("an event of a later version is ignored; an invalid one is distinguished")
  func unreadable() throws {
    #expect(try MemberNews(MembersV1.MemberEvent()) == nil)
    let nobody = MembersV1.MemberEvent(kind: .memberRegistered(.init()))
    #expect(throws: UnusableEvent.self) { try MemberNews(nobody) }
    let status = MembersV1.MemberEvent(kind: .memberUpdated(.init(member: member(.unspecified))))
    #expect(throws: UnusableEvent("member.status 0 is not known")) { try MemberNews(status) }
  }
}
