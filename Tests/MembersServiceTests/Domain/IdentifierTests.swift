import Testing

@testable import MembersService

@Suite("An identifier")
struct IdentifierTests {
  @Test("that looks the same is the same: accents are composed")
  func isComposed() throws {
    #expect(Array(try Identifier.canonical("cafe\u{301}-1").utf8) == Array("caf\u{E9}-1".utf8))
  }

  @Test("may be written in any script", arguments: ["906", "会员001", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "#1/2:3"])
  func isAnyScript(text: String) throws {
    #expect(try Identifier.canonical(text) == text)
  }

  @Test(
    "holds nothing that cannot be seen",
    arguments: [" 906", "9 06", "906\n", "906\u{0}", "906\u{200B}", "906\u{3000}", "\u{FEFF}906"]
  )
  func holdsNothingInvisible(text: String) {
    #expect { try Identifier.canonical(text) } throws: { error in
      (error as? InvalidValue)?.reason == .identifierInvalid
    }
  }

  @Test(
    "of another system names the system plainly",
    arguments: ["erp", "you-zan_2", String(repeating: "a", count: 40)]
  )
  func namesItsSystem(source: String) throws {
    try ExternalId.check(source: source)
  }

  @Test(
    "of another system is refused when the system's name is not plain",
    arguments: ["", "ERP", "e r p", "商城", "erp.1", String(repeating: "a", count: 41)]
  )
  func refusesOtherSystems(source: String) {
    #expect { try ExternalId.check(source: source) } throws: { error in
      (error as? InvalidValue)?.reason == .identifierInvalid
    }
  }

  @Test("comes in one order, whatever order a profile tells them in")
  func comesInOneOrder() throws {
    var profile = Profile()
    profile.externalIds = [ExternalId(source: "youzan", value: "1"), ExternalId(source: "erp", value: "2")]
    profile.wechatOpenid = "openid"
    profile.phone = try PhoneNumber(parsing: "13800138000")
    profile.cardNumber = "card"
    #expect(
      profile.identifiers.map(\.value) == ["+8613800138000", "card", "openid", "2", "1"]
    )
  }
}
