import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The ledger's event log")
struct SubscribeTests {
  /// The first events after a cursor.
  private func events(
    _ count: Int,
    after cursor: String = "",
    of loyalty: LoyaltyHarness
  ) async throws -> [LoyaltyV1.LoyaltyEvent] {
    var events: [LoyaltyV1.LoyaltyEvent] = []
    for try await response in try await loyalty.client.subscribe(.init(cursor: cursor)) {
      events += response.events
      if events.count >= count { break }
    }
    return events
  }

  @Test("tells of postings, reversals and changes of the programme, in the order of one account")
  func tells() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      let reversed = try await loyalty.client.reverseOrder(.sample(of: posted.orderID))
      var programme = try #require(try await loyalty.client.getProgramme(.init()).programme)
      programme.name = "Stars"
      let update = LoyaltyV1.UpdateProgrammeRequest(
        requestID: loyalty.ids.next().text,
        programme: programme,
        updateMask: GoogleProtobuf.FieldMask(paths: ["name"])
      )
      let changed = try await loyalty.client.updateProgramme(update)

      let events = try await events(3, of: loyalty)
      #expect(events.map(\.kind?.name) == ["posted", "reversed", "programme"])
      guard case .orderPosted(let first) = events[0].kind, case .orderReversed(let second) = events[1].kind,
        case .programmeUpdated(let third) = events[2].kind
      else { return }
      #expect(first.order == posted.order)
      #expect(first.balancePoints == 10)
      #expect(second.order == reversed.order)
      #expect(second.pointsTaken == 10)
      #expect(second.reason == "damaged")
      #expect(third.programme == changed.programme)
    }
  }

  @Test("goes on after a cursor without a gap and without a repeat")
  func resumes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for _ in 0..<6 { _ = try await loyalty.client.postOrder(.sample(member, 1_000)) }
      let all = try await events(6, of: loyalty)
      let rest = try await events(3, after: all[2].cursor, of: loyalty)
      #expect(rest.map(\.eventID) == all.dropFirst(3).map(\.eventID))
      #expect(Set(all.map(\.eventID)).count == 6)
    }
  }

  @Test("a posting that is refused or repeated tells nothing")
  func tellsOnlyWhatHappened() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      for _ in 0..<3 { _ = try await loyalty.client.postOrder(request) }
      var refused = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      refused.pointsToRedeem = 1_000
      await expectReason("INSUFFICIENT_POINTS") { try await loyalty.client.postOrder(refused) }
      let last = try await loyalty.client.postOrder(.sample(member, 2_000))
      let events = try await events(2, of: loyalty)
      guard case .orderPosted(let second) = events[1].kind else { return #expect(Bool(false)) }
      #expect(second.order?.orderID == last.orderID)
    }
  }

  @Test("new events arrive on a stream that is already open")
  func live() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let stream = try await loyalty.client.subscribe(.init())
      async let first: LoyaltyV1.LoyaltyEvent? = {
        for try await response in stream {
          if let event = response.events.first { return event }
        }
        return nil
      }()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      guard case .orderPosted(let announced) = try await first?.kind else { return #expect(Bool(false)) }
      #expect(announced.order == posted.order)
    }
  }
}

extension LoyaltyV1.LoyaltyEvent.OneOfKind {
  fileprivate var name: String {
    switch self {
    case .orderPosted: "posted"
    case .orderReversed: "reversed"
    case .orderReturned: "returned"
    case .pointsExpiring: "expiring"
    case .programmeUpdated: "programme"
    }
  }
}
