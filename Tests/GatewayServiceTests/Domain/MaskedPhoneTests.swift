import Testing

@testable import GatewayService

@Suite("Masked phones")
struct MaskedPhoneTests {
  @Test(
    "the four digits before the last four are hidden, in a short number all but the last two",
    arguments: [
      ("+8613800138000", "+86138****8000"), ("+6561234567", "+65****4567"), ("+29012345", "+******45"), ("", ""),
      ("+1", "+1"),
    ]
  )
  func masking(phone: String, masked: String) {
    #expect(MaskedPhone.text(phone) == masked)
  }
}
