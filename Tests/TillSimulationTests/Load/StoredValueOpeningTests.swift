import LoyaltyProto
import LoyaltyTestSupport
import Testing

@testable import TillSimulation

@Suite("The stored value of a load")
struct StoredValueOpeningTests {
  @Test("is the one that the ledger has, or is added, once, in the programme's currency")
  func once() async throws {
    try await LoyaltyHarness.with { loyalty in
      func codes() async throws -> [String] { try await loyalty.client.listAssets(.init()).assets.map(\.code) }
      let before = try await codes()
      try await StoredValueOpening(LoadFixtures.programme, client: loyalty.client).open()
      #expect(try await codes() == before)

      var programme = LoadFixtures.programme
      programme.currencyCode = "HKD"
      let opening = StoredValueOpening(programme, client: loyalty.client)
      for _ in 1...2 { try await opening.open() }
      #expect(try await codes() == before + ["stored_hkd"])
      let added = try await loyalty.client.listAssets(.init()).assets.last
      #expect(added == LoyaltyV1.Asset(code: "stored_hkd", kind: .money, currencyCode: "HKD"))
    }
  }
}
