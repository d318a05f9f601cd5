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

  @Test("a field that was made from another gets that one's name, with what is inside of it")
  func renamed() {
    #expect(names.own("member.name") == "profile.name")
    #expect(names.own("lines[2].amount.minor_units") == "lines[2].amount.minor_units")
  }

  @Test("a field that was made from an element of another, or from another as a whole, gets the name of that")
  func wholes() {
    #expect(names.own("external_ids[0].source") == "external_source")
    #expect(names.own("external_ids[0].value") == "external_id")
    #expect(names.own("coupon_discounts[3].discount.currency_code") == "coupon_ids[3]")
    #expect(names.own("coupon_discounts") == "coupon_ids")
  }

  @Test("a field that the caller did not send has no name, nor has one whose name only begins alike")
  func unknown() {
    #expect(names.own("reservation_id") == nil)
    #expect(names.own("member") == nil)
    #expect(names.own("member_id_2") == nil)
  }
}
