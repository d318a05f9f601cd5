import Basics
import Foundation
import MembersProto
import Postgres
import RPC
import ServiceKit
import Testing

@testable import MembersService

@Suite("Registering a member")
struct RegistrationTests {
  @Test("answers with the stored member, the phone in E.164")
  func answersWithTheMember() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest.new {
        $0.name = "王小明"
        $0.phone = "138 0013-8000"
        $0.cardNumber = "906"
        $0.wechatOpenid = "oUpF8uMuAJO"
        $0.externalIDs = [
          MembersV1.ExternalID(source: "youzan", value: "2"), MembersV1.ExternalID(source: "erp", value: "1"),
        ]
        $0.gender = .male
        $0.birthday = MembersV1.Birthday(year: 1990, month: 12, day: 24)
        $0.registeredStoreID = "S1"
        $0.attributes = ["household_size": "4"]
      }
      let member = try #require(try await members.client.registerMember(request).member)
      #expect(UUID(uuidString: member.memberID)?.version == 7)
      #expect(member.name == "王小明")
      #expect(member.phone == "+8613800138000")
      #expect(member.externalIDs.map(\.source) == ["erp", "youzan"])
      #expect(member.gender == .male)
      #expect(member.birthday == request.birthday)
      #expect(member.status == .active)
      #expect(member.registeredStoreID == "S1")
      #expect(member.attributes == ["household_size": "4"])
      #expect(!member.etag.isEmpty)
      let read = try await members.client.getMember(MembersV1.GetMemberRequest(memberID: member.memberID))
      #expect(read.member == member)
    }
  }

  @Test("gives the first answer again when the request comes again")
  func isIdempotent() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest.new { $0.phone = "13800138000" }
      let first = try await members.client.registerMember(request)
      #expect(try await members.client.registerMember(request) == first)
      #expect(try await members.count(of: "member") == 1)
      #expect(try await members.count(of: "event") == 1)
    }
  }

  @Test("gives everybody the same answer when the request comes many times at once")
  func isIdempotentAtOnce() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest.new { $0.phone = "13800138000" }
      let answers = try await withThrowingTaskGroup(of: MembersV1.RegisterMemberResponse.self) { group in
        for _ in 0..<16 { group.addTask { try await members.client.registerMember(request) } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(answers.count == 1)
      #expect(try await members.count(of: "member") == 1)
    }
  }

  @Test("refuses a request id that was used for something else")
  func refusesReusedID() async throws {
    try await MembersUnderTest.with { members in
      var request = MembersV1.RegisterMemberRequest.new { $0.phone = "13800138000" }
      _ = try await members.client.registerMember(request)
      request.name = "somebody else"
      let error = try await refusal { try await members.client.registerMember(request) }
      #expect(error.code == .failedPrecondition)
      #expect(error.info?.reason == "REQUEST_ID_REUSED")
    }
  }

  @Test(
    "refuses an identifier that belongs to another member, and names it",
    arguments: [
      ("PHONE_TAKEN", "phone", MembersV1.RegisterMemberRequest(phone: "+86 138 0013 8000", cardNumber: "2")),
      ("CARD_NUMBER_TAKEN", "card_number", MembersV1.RegisterMemberRequest(phone: "13900139000", cardNumber: "1")),
      ("WECHAT_OPENID_TAKEN", "wechat_openid", MembersV1.RegisterMemberRequest(wechatOpenid: "openid")),
      (
        "EXTERNAL_ID_TAKEN", "external_ids",
        MembersV1.RegisterMemberRequest(externalIDs: [MembersV1.ExternalID(source: "erp", value: "1")])
      ),
    ]
  )
  func refusesTaken(reason: String, field: String, request: MembersV1.RegisterMemberRequest) async throws {
    try await MembersUnderTest.with { members in
      _ = try await members.client.registerMember(
        .new {
          $0.phone = "13800138000"
          $0.cardNumber = "1"
          $0.wechatOpenid = "openid"
          $0.externalIDs = [MembersV1.ExternalID(source: "erp", value: "1")]
        }
      )
      var request = request
      request.requestID = newRequestID()
      let error = try await refusal { try await members.client.registerMember(request) }
      #expect(error.code == .alreadyExists)
      #expect(error.info?.reason == reason)
      #expect(error.info?.domain == "members.patron")
      #expect(error.info?.metadata["fields"] == field)
      #expect(try await members.count(of: "member") == 1)
      let mismatches = try await members.database.query("SELECT FROM identifier_mismatch")
      #expect(mismatches.isEmpty)
    }
  }

  @Test("gives a phone to one of many who register it at once")
  func letsOneWin() async throws {
    try await MembersUnderTest.with { members in
      let outcomes = await withTaskGroup(of: String.self) { group in
        for number in 0..<24 {
          group.addTask {
            do {
              let request = MembersV1.RegisterMemberRequest.new {
                $0.phone = "13800138000"
                $0.cardNumber = "\(number)"
              }
              _ = try await members.client.registerMember(request)
              return "registered"
            } catch {
              return (error as? RPCError)?.info?.reason ?? "\(error)"
            }
          }
        }
        return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      }
      #expect(outcomes == ["registered": 1, "PHONE_TAKEN": 23])
      let mismatches = try await members.database.query("SELECT FROM identifier_mismatch")
      #expect(mismatches.isEmpty)
    }
  }

  @Test("names every field that is wrong, all at once")
  func namesWrongFields() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest(
        requestID: UUID().uuidString,
        name: String(repeating: "王", count: 101),
        phone: "139955",
        cardNumber: "9 06",
        wechatOpenid: String(repeating: "o", count: 129),
        externalIDs: [
          MembersV1.ExternalID(source: "ERP", value: ""), MembersV1.ExternalID(source: "erp", value: "1"),
          MembersV1.ExternalID(source: "erp", value: "2"),
        ],
        gender: MembersV1.Gender(rawValue: 7),
        birthday: MembersV1.Birthday(year: 2023, month: 2, day: 29),
        registeredStoreID: String(repeating: "S", count: 65),
        attributes: ["": "x", "long": String(repeating: "x", count: 501)]
      )
      let error = try await refusal { try await members.client.registerMember(request) }
      #expect(error.code == .invalidArgument)
      #expect(
        Set(error.refusedFields) == [
          "request_id", "name", "phone", "card_number", "wechat_openid", "external_ids[0].source",
          "external_ids[0].value", "external_ids[2].source", "gender", "birthday", "registered_store_id",
          "attributes.key", "attributes.value",
        ]
      )
      #expect(!error.message.contains("139955"))
    }
  }

  @Test("refuses too many of anything")
  func refusesTooMany() async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.RegisterMemberRequest.new {
        $0.externalIDs = (0..<11).map { MembersV1.ExternalID(source: "s\($0)", value: "1") }
        $0.attributes = Dictionary(uniqueKeysWithValues: (0..<51).map { ("k\($0)", "v") })
      }
      let error = try await refusal { try await members.client.registerMember(request) }
      #expect(error.refusedFields.sorted() == ["attributes", "external_ids"])
    }
  }

  @Test("refuses a member without identifier")
  func refusesAnonymous() async throws {
    try await MembersUnderTest.with { members in
      let error = try await refusal { try await members.client.registerMember(.new { $0.name = "王小明" }) }
      #expect(error.code == .invalidArgument)
      #expect(error.info?.reason == "IDENTIFIER_MISSING")
    }
  }
}
