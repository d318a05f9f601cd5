import Foundation
import MembersProto
import RPC
import Testing

@testable import MembersService

@Suite("Finding a member")
struct ResolvingTests {
  @Test("works by each of its identifiers, the phone in any spelling")
  func worksByEach() async throws {
    try await MembersUnderTest.with { members in
      let registered = try await members.client.registerMember(
        .new {
          $0.phone = "13800138000"
          $0.cardNumber = "906"
          $0.wechatOpenid = "openid"
          $0.externalIDs = [MembersV1.ExternalID(source: "erp", value: "1")]
        }
      ).member
      let identifiers: [MembersV1.ResolveMemberRequest.OneOfIdentifier] = [
        .phone("+8613800138000"), .phone("138-0013-8000"), .phone("0086 (138) 0013.8000"), .phone("１３８００１３８０００"),
        .cardNumber("906"), .wechatOpenid("openid"),
        .externalID(MembersV1.ExternalID(source: "erp", value: "1")),
      ]
      for identifier in identifiers {
        let request = MembersV1.ResolveMemberRequest(identifier: identifier)
        #expect(try await members.client.resolveMember(request).member == registered)
      }
    }
  }

  @Test(
    "finds no member",
    arguments: [
      MembersV1.ResolveMemberRequest.OneOfIdentifier.phone("13900139000"), .cardNumber("openid"), .wechatOpenid("906"),
      .externalID(MembersV1.ExternalID(source: "erp", value: "1")),
    ]
  )
  func saysNobody(identifier: MembersV1.ResolveMemberRequest.OneOfIdentifier) async throws {
    try await MembersUnderTest.with { members in
      let request = MembersV1.ResolveMemberRequest(identifier: identifier)
      let error = try await refusal { try await members.client.resolveMember(request) }
      #expect(error.code == .notFound)
      #expect(error.info?.reason == "MEMBER_NOT_FOUND")
    }
  }

  @Test("needs an identifier that could be one")
  func needsAnIdentifier() async throws {
    try await MembersUnderTest.with { members in
      let wrong: [(MembersV1.ResolveMemberRequest.OneOfIdentifier?, String)] = [
        (nil, "identifier"), (.phone(""), "phone"), (.phone("x"), "phone"), (.cardNumber(""), "card_number"),
        (.wechatOpenid(" "), "wechat_openid"), (.cardNumber("906 "), "card_number"),
        (.cardNumber("9\u{200B}06"), "card_number"),
        (.externalID(MembersV1.ExternalID(source: "erp", value: "1\u{A0}")), "external_id.value"),
        (.externalID(MembersV1.ExternalID(source: "", value: "1")), "external_id.source"),
        (.externalID(MembersV1.ExternalID(source: "erp", value: "")), "external_id.value"),
      ]
      for (identifier, field) in wrong {
        let request = MembersV1.ResolveMemberRequest(identifier: identifier)
        let error = try await refusal { try await members.client.resolveMember(request) }
        #expect(error.code == .invalidArgument)
        #expect(error.refusedFields == [field])
      }
    }
  }

  @Test("distinguishes unknown ids from invalid ones")
  func byID() async throws {
    try await MembersUnderTest.with { members in
      let unknown = try await refusal {
        try await members.client.getMember(MembersV1.GetMemberRequest(memberID: UUID().uuidString))
      }
      #expect(unknown.info?.reason == "MEMBER_NOT_FOUND")
      let wrong = try await refusal { try await members.client.getMember(MembersV1.GetMemberRequest(memberID: "906")) }
      #expect(wrong.code == .invalidArgument)
      #expect(wrong.refusedFields == ["member_id"])
    }
  }
}
