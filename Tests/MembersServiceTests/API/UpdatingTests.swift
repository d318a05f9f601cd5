import CommonProto
import Foundation
import MembersProto
import Postgres
import RPC
import Testing

@testable import MembersService

@Suite("Updating a member")
struct UpdatingTests {
  private func update(
    _ member: MembersV1.Member,
    _ paths: String...,
    change: (inout MembersV1.Member) -> Void = { _ in }
  ) -> MembersV1.UpdateMemberRequest {
    var member = member
    change(&member)
    return MembersV1.UpdateMemberRequest(
      requestID: newRequestID(),
      member: member,
      updateMask: GoogleProtobuf.FieldMask(paths: paths)
    )
  }

  private func registered(_ members: MembersUnderTest, phone: String = "13800138000") async throws -> MembersV1.Member {
    let request = MembersV1.RegisterMemberRequest.new {
      $0.phone = phone
      $0.name = "李雷"
    }
    return try #require(try await members.client.registerMember(request).member)
  }

  @Test("changes what the mask names and nothing else")
  func changesNamedFields() async throws {
    try await MembersUnderTest.with { members in
      let member = try await registered(members)
      let request = update(member, "name", "status", "birthday", "attributes") {
        $0.name = "Li Lei"
        $0.status = .suspended
        $0.birthday = MembersV1.Birthday(year: 0, month: 2, day: 29)
        $0.attributes = ["tier": "gold"]
        $0.phone = "not even a phone"
        $0.gender = .male
      }
      let changed = try #require(try await members.client.updateMember(request).member)
      #expect(changed.name == "Li Lei")
      #expect(changed.status == .suspended)
      #expect(changed.birthday == request.member?.birthday)
      #expect(changed.attributes == ["tier": "gold"])
      #expect(changed.phone == member.phone)
      #expect(changed.gender == .unspecified)
      #expect(changed.etag != member.etag)
      let read = try await members.client.getMember(MembersV1.GetMemberRequest(memberID: member.memberID))
      #expect(read.member == changed)
    }
  }

  @Test("moves a phone from one member to another once it is given up")
  func movesAPhone() async throws {
    try await MembersUnderTest.with { members in
      let first = try await registered(members)
      let second = try await registered(members, phone: "13900139000")
      let claim = update(second, "phone") { $0.phone = "13800138000" }
      let taken = try await refusal { try await members.client.updateMember(claim) }
      #expect(taken.info?.reason == "PHONE_TAKEN")
      _ = try await members.client.updateMember(update(first, "phone") { $0.phone = "13700137000" })
      _ = try await members.client.updateMember(claim)
      let found = try await members.client.resolveMember(
        MembersV1.ResolveMemberRequest(identifier: .phone("13800138000"))
      )
      #expect(found.member?.memberID == second.memberID)
      let mismatches = try await members.database.query("SELECT FROM identifier_mismatch")
      #expect(mismatches.isEmpty)
    }
  }

  @Test("is refused when another call was first, unless it is the same request")
  func refusesOldEtag() async throws {
    try await MembersUnderTest.with { members in
      let member = try await registered(members)
      let first = update(member, "name") { $0.name = "one" }
      let second = update(member, "name") { $0.name = "two" }
      let answer = try await members.client.updateMember(first)
      let error = try await refusal { try await members.client.updateMember(second) }
      #expect(error.code == .aborted)
      #expect(error.info?.reason == "ETAG_MISMATCH")
      #expect(error.info?.metadata["etag"] == answer.member?.etag)
      #expect(try await members.client.updateMember(first) == answer)
    }
  }

  @Test("lets one of many win who read the same version")
  func letsOneWin() async throws {
    try await MembersUnderTest.with { members in
      let member = try await registered(members)
      let wins = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<12 {
          let request = update(member, "name") { $0.name = "\(number)" }
          group.addTask { (try? await members.client.updateMember(request)) != nil }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(wins == 1)
    }
  }

  @Test("keeps at least one identifier")
  func keepsAnIdentifier() async throws {
    try await MembersUnderTest.with { members in
      let member = try await registered(members)
      let error = try await refusal { try await members.client.updateMember(update(member, "phone") { $0.phone = "" }) }
      #expect(error.code == .invalidArgument)
      #expect(error.info?.reason == "IDENTIFIER_MISSING")
    }
  }

  @Test("names every field that is wrong")
  func namesWrongFields() async throws {
    try await MembersUnderTest.with { members in
      let member = try await registered(members)
      let wrong = update(member, "phone", "status", "member_id", "nonsense") {
        $0.phone = "1"
        $0.status = .unspecified
        $0.etag = ""
      }
      let error = try await refusal { try await members.client.updateMember(wrong) }
      #expect(
        Set(error.refusedFields) == ["update_mask", "member.etag", "member.phone", "member.status"]
      )
      let empty = try await refusal { try await members.client.updateMember(MembersV1.UpdateMemberRequest()) }
      #expect(Set(empty.refusedFields) == ["request_id", "update_mask", "member"])
    }
  }

  @Test("finds no member")
  func saysNobody() async throws {
    try await MembersUnderTest.with { members in
      let nobody = MembersV1.Member(memberID: UUID().uuidString, etag: "v1")
      let error = try await refusal { try await members.client.updateMember(update(nobody, "name")) }
      #expect(error.info?.reason == "MEMBER_NOT_FOUND")
    }
  }
}
