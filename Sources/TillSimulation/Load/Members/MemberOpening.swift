import Basics
import Foundation
import LocalSuite
import LoyaltyProto
import Messages
import PosProto
import RPC
import ServiceKit

/// Sees to it that the members of a load exist and have points, before it begins. Every request has an id that follows from
/// the seed, so preparing twice, or going on after a crash, changes nothing.
struct MemberOpening: Sendable {
  /// How many members are prepared at a time.
  private static let atOnce = 256
  /// How many members are asked for to see whether all are there.
  private static let sampleCount = 100

  let members: MemberRange
  let programme: LoadProgramme
  let stop: StopSignal
  let terminal: Terminal
  private let patience = Patience(total: .seconds(60))

  init(_ members: MemberRange, programme: LoadProgramme, stop: StopSignal, terminal: Terminal) {
    self.members = members
    self.programme = programme
    self.stop = stop
    self.terminal = terminal
  }

  /// Opens accounts at the points service.
  func open(_ client: LoyaltyV1.LoyaltyServiceClient) async throws {
    let first = try await firstMissing(client)
    guard first < members.count else {
      return terminal.write(line: "All \(Text.count(members.count)) members of the seed \(members.seed) are there.")
    }
    try await prepare(from: first) { number in
      let memberID = members.memberID(number)
      let request = LoyaltyV1.OpenAccountRequest(requestID: members.openingID(number), memberID: memberID)
      _ = try await patience.call { try await client.openAccount(request, options: $0) }
      guard let sale = startingSale(number, memberID) else { return }
      _ = try await patience.call { try await client.postOrder(LoyaltyV1.PostOrderRequest(sale), options: $0) }
    }
  }

  /// Registers members at the gateway.
  ///
  /// - Returns: Their ids, in the order of their numbers.
  func register(_ client: PosV1.PosServiceClient) async throws -> [UUID] {
    let ids = RegisteredMembers()
    try await prepare(from: 0) { number in
      let request = PosV1.RegisterMemberRequest(
        requestID: members.openingID(number),
        cardNumber: "LOAD-\(members.seed)-\(number)"
      )
      let response = try await patience.call { try await client.registerMember(request, options: $0) }
      guard let memberID = response.member?.memberID, let id = UUID(uuidString: memberID) else {
        throw LoadError("The gateway registered a member and did not say under which id.")
      }
      await ids.add(number, id)
      guard let sale = startingSale(number, memberID) else { return }
      _ = try await patience.call { try await client.checkout(PosV1.CheckoutRequest(sale), options: $0) }
    }
    return await ids.inOrder
  }

  private func prepare(from first: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let progress = ProgressReporter("Preparing members", total: members.count - first, terminal: terminal)
    try await concurrently(Array(first..<members.count), atOnce: Self.atOnce) { number in
      guard !stop.isRequested else { throw CancellationError() }
      try await body(number)
      progress.advance()
    }
    progress.finish()
  }

  /// The number from which members may be missing. They are opened in order, so when a sample is not complete, halving
  /// finds where an earlier preparation ended; what was under way then is prepared again.
  private func firstMissing(_ client: LoyaltyV1.LoyaltyServiceClient) async throws -> Int {
    let last = members.count - 1
    for place in (0..<Self.sampleCount).reversed() {
      let number = last * place / max(1, Self.sampleCount - 1)
      if try await isOpen(number, client) { continue }
      var (known, missing) = (-1, number)
      while missing - known > 1 {
        let middle = (known + missing) / 2
        if try await isOpen(middle, client) { known = middle } else { missing = middle }
      }
      return max(0, missing - 2 * Self.atOnce)
    }
    return members.count
  }

  /// Whether a member is there with the starting points.
  private func isOpen(_ number: Int, _ client: LoyaltyV1.LoyaltyServiceClient) async throws -> Bool {
    do {
      if programme.earnPoints == 0 || members.startingPoints == 0 {
        let request = LoyaltyV1.GetBalanceRequest(memberID: members.memberID(number))
        _ = try await patience.call { try await client.getBalance(request, options: $0) }
      } else {
        let request = LoyaltyV1.GetOrderRequest(key: .orderID(members.startingOrderID(number)))
        _ = try await patience.call { try await client.getOrder(request, options: $0) }
      }
      return true
    } catch let error as RPCError where error.code == .notFound {
      return false
    }
  }

  /// The sale that earns the starting points; nil if none are wanted or sales earn none.
  private func startingSale(_ number: Int, _ memberID: String) -> Sale? {
    guard members.startingPoints > 0, programme.earnPoints > 0,
      let requestID = UUID(uuidString: members.startingOrderID(number))
    else { return nil }
    let amount =
      (members.startingPoints * programme.earnPerMinorUnits + programme.earnPoints - 1) / programme.earnPoints
    return Sale(
      requestID: requestID,
      memberNumber: number,
      memberID: memberID,
      store: 0,
      till: 0,
      receiptNumber: members.startingReceipt(number),
      occurredAtUnixMicroseconds: MemberRange.openedAt.rawValue,
      lines: [Sale.Line(product: 100_000, minorUnits: amount)],
      currencyCode: programme.currencyCode
    )
  }
}

/// Ids of members as they become known.
private actor RegisteredMembers {
  private var ids: [Int: UUID] = [:]

  func add(_ number: Int, _ id: UUID) { ids[number] = id }

  var inOrder: [UUID] { ids.sorted { $0.key < $1.key }.map(\.value) }
}

/// Sees to it that there is a stored value for the members of a load, before it begins.
struct StoredValueOpening: Sendable {
  let programme: LoadProgramme
  let client: LoyaltyV1.LoyaltyServiceClient
  private let patience = Patience(total: .seconds(60))

  init(_ programme: LoadProgramme, client: LoyaltyV1.LoyaltyServiceClient) {
    self.programme = programme
    self.client = client
  }

  /// Adds it if it is missing. The request's id follows from its code, so two loads that begin together add it once.
  func open() async throws {
    let code = programme.storedValueAsset
    let assets = try await patience.call { try await client.listAssets(.init(), options: $0) }.assets
    guard !assets.contains(where: { $0.code == code }) else { return }
    let request = LoyaltyV1.CreateAssetRequest(
      requestID: DerivedIdentifier.text(at: MemberRange.openedAt, name: "load/asset/\(code)"),
      asset: LoyaltyV1.Asset(code: code, kind: .money, currencyCode: programme.currencyCode)
    )
    _ = try await patience.call { try await client.createAsset(request, options: $0) }
  }
}
