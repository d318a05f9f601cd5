import CommonProto
import Foundation
import MembersProto
import RPC
import ServiceKit
import Testing

@testable import MembersService

@Suite("Listing members")
struct ListingTests {
  private func register(_ count: Int, in members: MembersUnderTest, store: String = "S1") async throws -> [String] {
    var ids: [String] = []
    for number in 0..<count {
      let request = MembersV1.RegisterMemberRequest.new {
        $0.cardNumber = "\(store)-\(number)"
        $0.name = "王\(number)"
        $0.registeredStoreID = store
      }
      ids.append(try #require(try await members.client.registerMember(request).member).memberID)
    }
    return ids
  }

  @Test("pages through all of them, newest first, each once, also while others register")
  func pages() async throws {
    try await MembersUnderTest.with { members in
      let ids = try await register(11, in: members)
      var seen: [String] = []
      var request = MembersV1.ListMembersRequest(pageSize: 4)
      repeat {
        let page = try await members.client.listMembers(request)
        seen += page.members.map(\.memberID)
        request.pageToken = page.nextPageToken
        if seen.count == 4 { _ = try await register(1, in: members, store: "S2") }
      } while !request.pageToken.isEmpty
      #expect(seen == ids.reversed())
    }
  }

  @Test("shows only what the filters admit")
  func filters() async throws {
    try await MembersUnderTest.with { members in
      let ids = try await register(2, in: members) + register(2, in: members, store: "S2")
      func list(_ request: MembersV1.ListMembersRequest) async throws -> [String] {
        try await members.client.listMembers(request).members.map(\.memberID)
      }
      let third = try #require(try await members.client.getMember(.init(memberID: ids[2])).member)
      #expect(try await list(.init()) == ids.reversed())
      #expect(try await list(.init(registeredStoreID: "S2")) == [ids[3], ids[2]])
      #expect(try await list(.init(namePrefix: "王1")) == [ids[3], ids[1]])
      #expect(try await list(.init(status: .suspended)).isEmpty)
      #expect(try await list(.init(registeredFrom: third.registeredAt)) == [ids[3], ids[2]])
      #expect(try await list(.init(registeredBefore: third.registeredAt)) == [ids[1], ids[0]])
    }
  }

  @Test("refuses a token of a list with other filters, and fields that are wrong")
  func refuses() async throws {
    try await MembersUnderTest.with { members in
      _ = try await register(3, in: members)
      var request = MembersV1.ListMembersRequest(pageSize: 1)
      request.pageToken = try await members.client.listMembers(request).nextPageToken
      request.registeredStoreID = "S1"
      let other = try await refusal { try await members.client.listMembers(request) }
      #expect(other.info?.reason == "PAGE_TOKEN_INVALID")
      let wrong = MembersV1.ListMembersRequest(
        status: MembersV1.MemberStatus(rawValue: 9),
        registeredStoreID: String(repeating: "S", count: 65),
        namePrefix: "\u{0}",
        registeredFrom: GoogleProtobuf.Timestamp(seconds: .max, nanos: -1)
      )
      let error = try await refusal { try await members.client.listMembers(wrong) }
      #expect(Set(error.refusedFields) == ["status", "registered_store_id", "name_prefix", "registered_from"])
    }
  }

  @Test("ends a page early when its members have long texts")
  func endsPagesEarly() async throws {
    try await MembersUnderTest.with(arguments: ["--page-bytes-maximum", "1KiB"]) { members in
      for number in 0..<3 {
        let request = MembersV1.RegisterMemberRequest.new {
          $0.cardNumber = "\(number)"
          $0.attributes = ["long": String(repeating: "x", count: 500)]
        }
        _ = try await members.client.registerMember(request)
      }
      var sizes: [Int] = []
      var request = MembersV1.ListMembersRequest()
      repeat {
        let page = try await members.client.listMembers(request)
        sizes.append(page.members.count)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(sizes == [1, 1, 1])
    }
  }
}
