import Basics
import Foundation
import Testing

@Suite("UUIDs as text")
struct UUIDTextTests {
  @Test("an id is written in lower case with dashes, and read as it was written")
  func roundTrip() {
    for _ in 0..<1_000 {
      let id = UUID()
      #expect(id.text == id.uuidString.lowercased())
      #expect(UUID(text: id.text) == id)
      #expect(UUID(text: id.uuidString) == id)
      #expect(UUID(high: id.high, low: id.low) == id)
    }
  }

  @Test(
    "only the usual form of 36 characters is read",
    arguments: [
      "", "0190a5b0", "0190a5b07c1e70008000012345678 9ab", "{0190a5b0-7c1e-7000-8000-0123456789ab}",
      "0190a5b0-7c1e-7000-8000-0123456789a", "0190a5b0-7c1e-7000-8000-0123456789abc",
      "0190a5b0-7c1e-7000-8000-0123456789ag", "0190a5b0-7c1e-7000-8000_0123456789ab",
      "0190a5b-07c1e-7000-8000-0123456789ab", "-190a5b0-7c1e-7000-8000-0123456789ab",
      "0190a5b0-7c1e-7000-8000-01234567é9a", "0190a5b0-7c1e-7000-8000-0x2345678 ab",
    ]
  )
  func refused(_ text: String) {
    #expect(UUID(text: text) == nil)
  }
}
