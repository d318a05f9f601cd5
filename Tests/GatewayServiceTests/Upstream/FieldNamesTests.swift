import Testing

@testable import GatewayService

@Suite("Names of fields")
struct FieldNamesTests {
  private let names = FieldNames([
    "external_ids[0].value": "external_id", "external_ids": "external_id", "member": "profile", "reservation_id": "",
  ])

  @Test("a field with another name at the gateway gets that name, with what follows it")
  func renamed() {
    #expect(names.own("member.name") == "profile.name")
    #expect(names.own("member") == "profile")
    #expect(names.own("external_ids[0].value") == "external_id")
    #expect(names.own("external_ids[1].source") == "external_id[1].source")
  }

  @Test("a name that only begins alike stays")
  func alike() {
    #expect(names.own("member_id") == "member_id")
    #expect(names.own("lines[2].amount") == "lines[2].amount")
  }

  @Test("a field that the caller did not send has no name")
  func unknown() {
    #expect(names.own("reservation_id") == nil)
  }
}
