import Foundation
import MembersProto
import Messages
import ServiceKit
import Testing

@testable import MembersService

/// Whoever adds a field to a member and forgets one of its places learns of it here, or from the compiler, or from
/// ``MemberStoreTests``.
@Suite("Every field of a member")
struct MemberFieldTests {
  @Test("has a value in the complete sample")
  func sample() throws {
    let complete = Mirror(reflecting: try Profile.complete()).children
    let empty = Mirror(reflecting: Profile()).children
    for (field, none) in zip(complete, empty) {
      #expect(String(describing: field.value) != String(describing: none.value), "\(field.label ?? "")")
    }
  }

  @Test("can be named in an update")
  func mask() {
    #expect(Mirror(reflecting: Profile()).children.count == ProfileField.allCases.count)
  }

  @Test("is in the message")
  func message() throws {
    let message = try Member.complete().message
    let json = try JSONSerialization.jsonObject(with: Data(message.jsonBytes())) as? [String: Any]
    let every =
      try JSONSerialization.jsonObject(
        with: Data(MembersV1.Member().jsonBytes(options: .init(writesDefaultValues: true)))
      ) as? [String: Any]
    let written = Set(try #require(json).keys)
    let missing = Set(try #require(every).keys).subtracting(written)
    #expect(missing.isEmpty)
    // Fields of message type have no default that could be written.
    #expect(written.isSuperset(of: ["birthday", "registeredAt", "updatedAt"]))
  }

  @Test("is read from the message, except the status, which only an update changes")
  func read() throws {
    let member = try Member.complete()
    var fields = FieldChecks(domain: MembersReason.domain)
    var expected = member.profile
    expected.status = .active
    #expect(member.message.profile(Set(ProfileField.allCases), &fields) == expected)
    try fields.throwIfAny()
  }
}
