import Foundation
import Testing

@testable import MembersService

@Suite("A member")
struct MemberTests {
  private let then = Date(timeIntervalSince1970: 1_700_000_000)
  private let now = Date(timeIntervalSince1970: 1_700_000_060)

  private func member(_ change: (inout Profile) -> Void = { _ in }) -> Member {
    var profile = Profile()
    profile.name = "李雷"
    profile.phone = PhoneNumber(stored: "+8613800138000")
    profile.cardNumber = "906"
    change(&profile)
    return Member(registering: profile, id: UUID(), storeID: "S1", at: then)
  }

  @Test("changes only in the fields that a change names")
  func changesOnlyNamedFields() throws {
    var member = member()
    var values = Profile()
    values.name = "Li Lei"
    values.gender = .male
    values.status = .suspended
    _ = try member.apply(Member.Change(fields: [.name, .status], values: values, etag: member.etag), at: now)
    #expect(member.profile.name == "Li Lei")
    #expect(member.profile.status == .suspended)
    #expect(member.profile.gender == .unspecified)
    #expect(member.profile.phone?.e164 == "+8613800138000")
  }

  @Test("has another etag and time after a change")
  func hasAnotherEtag() throws {
    var member = member()
    let before = member.etag
    _ = try member.apply(Member.Change(fields: [.name], values: Profile(), etag: before), at: now)
    #expect(member.etag != before)
    #expect(member.updatedAt == now)
    #expect(member.registeredAt == then)
  }

  @Test("does not go back in time when the clock does")
  func keepsItsTime() throws {
    var member = member()
    let earlier = then.addingTimeInterval(-60)
    _ = try member.apply(Member.Change(fields: [.name], values: Profile(), etag: member.etag), at: earlier)
    #expect(member.updatedAt == then)
  }

  @Test("is not changed by a caller who read an older version")
  func refusesOldEtag() throws {
    var member = member()
    let old = member.etag
    _ = try member.apply(Member.Change(fields: [.name], values: Profile(), etag: old), at: now)
    let before = member
    #expect(throws: Member.ChangeRefusal.etagMismatch) {
      try member.apply(Member.Change(fields: [.name], values: Profile(), etag: old), at: now)
    }
    #expect(member == before)
  }

  @Test("keeps at least one identifier")
  func keepsAnIdentifier() throws {
    var member = member()
    let before = member
    #expect {
      try member.apply(Member.Change(fields: [.phone, .cardNumber], values: Profile(), etag: member.etag), at: now)
    } throws: { error in
      guard case .invalid(let invalid) = error as? Member.ChangeRefusal else { return false }
      return invalid.reason == .identifierMissing
    }
    #expect(member == before)
  }

  @Test("gives up the identifiers that a change drops and claims those that it adds, no others")
  func tellsItsClaims() throws {
    var member = member { $0.externalIDs = [ExternalID(source: "erp", value: "1")] }
    var values = Profile()
    values.phone = PhoneNumber(stored: "+8613900139000")
    values.cardNumber = "906"
    values.externalIDs = [ExternalID(source: "erp", value: "1"), ExternalID(source: "youzan", value: "7")]
    let change = Member.Change(fields: [.phone, .cardNumber, .externalIDs], values: values, etag: member.etag)
    let claims = try member.apply(change, at: now)
    #expect(claims.released == [.phone(PhoneNumber(stored: "+8613800138000"))])
    #expect(
      claims.claimed == [
        .phone(PhoneNumber(stored: "+8613900139000")), .externalID(ExternalID(source: "youzan", value: "7")),
      ]
    )
  }
}
