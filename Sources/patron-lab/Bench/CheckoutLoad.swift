import PatronAPI
import RPC
import ServiceKit
import TillSimulation

/// Sales of random members, all new ones, as tills would send them.
struct CheckoutLoad: Sendable {
  /// The request of a sale: about 200 bytes, four lines.
  static let lineCount = 4

  let clients: SuiteClients
  let currencyCode: String
  let memberIDs: [String]
  private let ids = UUIDv7Generator()

  /// Registers so many members.
  init(clients: SuiteClients, memberCount: Int) async throws {
    self.clients = clients
    let programme = try await clients.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()).programme
    currencyCode = programme?.currencyCode ?? ""
    let ids = ids
    memberIDs = try await withThrowingTaskGroup(of: String.self) { group in
      var memberIDs: [String] = []
      for number in 0..<memberCount {
        if number >= 64, let id = try await group.next() { memberIDs.append(id) }
        group.addTask {
          let request = PosV1.RegisterMemberRequest(requestID: ids.next().text, cardNumber: "B\(number)")
          return try await clients.pos.registerMember(request).member?.memberID ?? ""
        }
      }
      for try await id in group { memberIDs.append(id) }
      return memberIDs
    }
  }

  /// One sale, answered.
  func sell() async throws {
    let requestID = ids.next()
    let request = PosV1.CheckoutRequest(
      requestID: requestID.text,
      memberID: memberIDs[Int.random(in: 0..<memberIDs.count)],
      storeID: "store-\(Int.random(in: 0..<300))",
      tillID: "till-\(Int.random(in: 0..<10))",
      receiptNumber: requestID.text,
      lines: (0..<Self.lineCount).map { _ in
        CommonV1.OrderLine(
          productID: String(Int.random(in: 100_000..<1_000_000)),
          quantityThousandths: 1_000,
          amount: CommonV1.Money(currencyCode: currencyCode, minorUnits: Int64.random(in: 50...2_000))
        )
      }
    )
    _ = try await clients.pos.checkout(request, options: CallOptions(timeout: .seconds(30)))
  }
}
