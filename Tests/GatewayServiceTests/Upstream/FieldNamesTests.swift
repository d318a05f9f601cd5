import Testing

@testable import GatewayService

@Suite("Names of fields")
struct FieldNamesTests {
  private let names = FieldNames(
    ["lines", "member_id"],
    [
      "external_ids[0].source": .whole("external_source"), "external_ids": .whole("external_id"),
      "member.name": .field("profile.name"), "coupon_discounts": .elements("coupon_ids"),
    ]
  )

  @Test("a field made from another gets its name, including subfields")
  func renamed() {
    #expect(names.callerPath(of: "member.name") == "profile.name")
    #expect(names.callerPath(of: "lines[2].amount.minor_units") == "lines[2].amount.minor_units")
  }

  @Test("a field that was made from an element of another, or from another as a whole, gets the name of that")
  func wholes() {
    #expect(names.callerPath(of: "external_ids[0].source") == "external_source")
    #expect(names.callerPath(of: "external_ids[0].value") == "external_id")
    #expect(names.callerPath(of: "coupon_discounts[3].discount.currency_code") == "coupon_ids[3]")
    #expect(names.callerPath(of: "coupon_discounts") == "coupon_ids")
  }

  @Test("a field that the caller did not send has no name, nor has one whose name only begins alike")
  func unknown() {
    #expect(names.callerPath(of: "reservation_id") == nil)
    #expect(names.callerPath(of: "member") == nil)
    #expect(names.callerPath(of: "member_id_2") == nil)
  }
}
