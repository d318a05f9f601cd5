import Basics
import Foundation
import Testing

@testable import TillSimulation

@Suite("Request ids of a replay")
struct DerivedIdentifierTests {
  private func all(_ plan: ReplayPlan) -> [String] {
    plan.templates.map(\.requestID)
      + plan.households.flatMap { household in
        [household.requestID] + household.coupons.map(\.requestID) + household.receipts.map(\.requestID)
      }
  }

  @Test("are UUIDs of version 7 and of RFC 9562's variant, in lower case")
  func version() throws {
    for text in all(try JourneyFixture.december.get()) {
      let id = try #require(UUID(uuidString: text))
      #expect(id.uuid.6 >> 4 == 7)
      #expect(id.uuid.8 >> 6 == 0b10)
      #expect(text == text.lowercased())
    }
  }

  @Test("are all different")
  func different() throws {
    let ids = all(try JourneyFixture.year.get())
    #expect(Set(ids).count == ids.count)
  }

  @Test("carry the time of the sale")
  func time() throws {
    for receipt in try JourneyFixture.december.get().households.flatMap(\.receipts) {
      let digits = receipt.requestID.prefix(13).filter { $0 != "-" }
      #expect(UInt64(digits, radix: 16) == UInt64(receipt.occurredAt.unixSeconds) * 1_000)
    }
  }

  @Test("stay the same for ever: a suite that knows them must know them again")
  func stable() throws {
    let instant = try #require(Instant("2017-01-01T12:30:27Z"))
    #expect(DerivedIdentifier.text(at: instant, name: "basket/31198705046") == "01595a02-72b8-7198-be80-79fa0cf803ae")
  }
}
