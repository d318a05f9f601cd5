import CommonProto
import Foundation
import MembersProto
import RPC
import Testing

@testable import MembersService

@Suite("The members' event log", .timeLimit(.minutes(1)))
struct MemberEventTests {
  /// Reads events after a cursor until there are `count`.
  private func events(_ count: Int, after cursor: String = "", _ members: MembersUnderTest) async throws -> [MembersV1
    .MemberEvent]
  {
    var events: [MembersV1.MemberEvent] = []
    for try await response in try await members.client.subscribe(MembersV1.SubscribeRequest(cursor: cursor)) {
      events += response.events
      if events.count >= count { break }
    }
    return events
  }

  @Test("sends registrations and updates in order, with the member as it was then")
  func tellsInOrder() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest.new { $0.phone = "13800138000" }
      let registered = try #require(try await members.client.registerMember(request).member)
      var renamed = registered
      renamed.name = "Li Lei"
      let mask = GoogleProtobuf.FieldMask(paths: ["name"])
      let update = MembersV1.UpdateMemberRequest(requestID: newRequestID(), member: renamed, updateMask: mask)
      let updated = try #require(try await members.client.updateMember(update).member)

      let events = try await events(2, members)
      #expect(
        events.map(\.kind) == [
          .memberRegistered(MembersV1.MemberRegistered(member: registered)),
          .memberUpdated(MembersV1.MemberUpdated(member: updated, updateMask: mask)),
        ]
      )
      #expect(Set(events.map(\.eventID)).count == 2)
      #expect(try await self.events(1, after: events[0].cursor, members).map(\.eventID) == [events[1].eventID])
    }
  }

  @Test("sends nothing about refused calls")
  func tellsNothingRefused() async throws {
    try await MembersUnderTest.with { members in
      _ = try await members.client.registerMember(.new { $0.phone = "13800138000" })
      _ = try await refusal { try await members.client.registerMember(.new { $0.phone = "13800138000" }) }
      _ = try await members.client.registerMember(.new { $0.phone = "13900139000" })
      let phones = try await events(2, members).map { event in
        guard case .memberRegistered(let registered) = event.kind else { return "" }
        return registered.member?.phone ?? ""
      }
      #expect(phones == ["+8613800138000", "+8613900139000"])
    }
  }

  @Test("keeps sending events while the stream is open")
  func goesOn() async throws {
    try await MembersUnderTest.with { members in
      _ = try await members.client.registerMember(.new { $0.cardNumber = "0" })
      var heard: [String] = []
      for try await response in try await members.client.subscribe(MembersV1.SubscribeRequest()) {
        for event in response.events {
          heard.append(event.eventID)
          // Registered only after the stream has delivered the previous event.
          if heard.count < 3 { _ = try await members.client.registerMember(.new { $0.cardNumber = "\(heard.count)" }) }
        }
        if heard.count >= 3 { break }
      }
      #expect(Set(heard).count == 3)
    }
  }
}
