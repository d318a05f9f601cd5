import Basics
import CommonProto
import LoyaltyProto
import PosProto
import RPC
import ServiceKit
import TillSimulation

/// Sales of random members, all new ones, as tills would send them.
struct CheckoutLoad: Sendable {
  /// The request of a sale: about 200 bytes, four lines.
  static let lineCount = 4

  let clients: SuiteClients
  let memberIDs: [String]
  private let draft: SaleDraft
  private let ids = UUIDv7Generator()

  /// Registers this number of members.
  init(clients: SuiteClients, memberCount: Int) async throws {
    self.clients = clients
    let programme = try await clients.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()).programme
    draft = SaleDraft(
      storeCount: 300,
      baskets: .fixed(lineCount: Self.lineCount),
      currencyCode: programme?.currencyCode ?? ""
    )
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
    var random = SystemRandomNumberGenerator()
    let number = Int.random(in: 0..<memberIDs.count, using: &random)
    let sale = draft.sale(
      requestID: ids.next(),
      memberNumber: number,
      memberID: memberIDs[number],
      occurredAt: WallClock.system.unixMicroseconds,
      using: &random
    )
    _ = try await clients.pos.checkout(PosV1.CheckoutRequest(sale), options: CallOptions(timeout: .seconds(30)))
  }
}
