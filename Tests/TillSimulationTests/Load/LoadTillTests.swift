import Basics
import Foundation
import ServiceKit
import Synchronization
import Testing

@testable import TillSimulation

@Suite("What tills send")
struct LoadTillTests {
  private func withTill(
    _ target: ScriptedTarget = ScriptedTarget(),
    _ body: (LoadTill) async throws -> Void
  ) async throws {
    try await LoadFixtures.withFolder { folder in
      let till = try LoadTill(
        LoadFixtures.plan(rate: 1, seconds: 1, folder: folder),
        target: target,
        journal: try LoadJournal(directory: folder, process: 0),
        random: .seeded(9)
      )
      try await body(till)
    }
  }

  private func send(_ kind: LoadKind, _ till: LoadTill) async throws -> [String] {
    var kinds: [String] = []
    for call in kind.draft(till) {
      try await call.send(till)
      kinds.append(call.kind)
    }
    return kinds
  }

  @Test("a sale has lines, a store, a receipt and a member of the load")
  func sale() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      for _ in 0..<50 { _ = try await send(.earn, till) }
      #expect(Set(target.sales.map(\.requestID)).count == 50)
      #expect(Set(target.sales.map(\.receiptNumber)).count == 50)
      for sale in target.sales {
        #expect(!sale.lines.isEmpty && sale.grossMinorUnits > 0)
        #expect((0..<10).contains(sale.store))
        #expect(sale.memberID == till.plan.members.memberID(sale.memberNumber))
        #expect((0..<20).contains(sale.memberNumber))
      }
    }
  }

  @Test("a redemption asks for a multiple of the rule's points, worth no more than the sale")
  func redeem() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      for _ in 0..<200 { _ = try await send(.redeem, till) }
      for sale in target.sales {
        #expect(sale.pointsToRedeem >= 100 && sale.pointsToRedeem.isMultiple(of: 100))
        #expect(sale.pointsToRedeem <= sale.grossMinorUnits)
      }
    }
  }

  @Test("an order is taken back once, and only after it was answered")
  func refund() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      let kinds1 = try await send(.refund, till)
      #expect(kinds1 == ["earn"])
      let kinds2 = try await send(.refund, till)
      #expect(kinds2 == ["refund"])
      #expect(target.refunds == target.sales.map(\.requestID))
      let kinds3 = try await send(.refund, till)
      #expect(kinds3 == ["earn"])
    }
  }

  @Test("a duplicate is the very same request; the same answer is as it should be")
  func duplicate() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      let kinds4 = try await send(.duplicate, till)
      #expect(kinds4 == ["earn"])
      let kinds5 = try await send(.duplicate, till)
      #expect(kinds5 == ["duplicate"])
      #expect(target.sales.count == 2)
      #expect(target.sales[0].requestID == target.sales[1].requestID)
      #expect(target.sales[0].lines.map(\.minorUnits) == target.sales[1].lines.map(\.minorUnits))
    }
  }

  @Test("a duplicate that is answered otherwise is a finding")
  func differing() async throws {
    let count = Atomic<Int64>(0)
    let target = ScriptedTarget { _ in .points(count.add(1, ordering: .relaxed).newValue) }
    try await withTill(target) { till in
      _ = try await send(.earn, till)
      await #expect(throws: LoadFinding.self) { _ = try await send(.duplicate, till) }
    }
  }

  @Test(
    "the first movement of a stored value is a deposit; later ones pay out as much as a sale, one in five pays 100.00 in"
  )
  func storedValue() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      for _ in 0..<500 { _ = try await send(.storedValue, till) }
      #expect(target.sales.isEmpty)
      #expect(Set(target.movements.map(\.requestID)).count == 500)
      #expect(target.movements.first?.minorUnits == 10_000)
      #expect(target.movements.allSatisfy { $0.asset == "stored_cny" })
      #expect((50...150).contains(target.movements.count { $0.minorUnits > 0 }))
      var depositors: Set<Int> = []
      for movement in target.movements {
        #expect(movement.memberID == till.plan.members.memberID(movement.memberNumber))
        if movement.minorUnits > 0 {
          #expect(movement.minorUnits == 10_000)
          depositors.insert(movement.memberNumber)
        } else {
          #expect(movement.minorUnits < 0)
          #expect(depositors.contains(movement.memberNumber), "nobody pays out who has paid nothing in")
        }
      }
    }
  }

  @Test("a movement of a stored value that was answered is repeated, the very same")
  func duplicateMovement() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      _ = try await send(.storedValue, till)
      let kinds = try await send(.duplicate, till)
      #expect(kinds == ["duplicate"])
      #expect(target.movements.count == 2)
      #expect(target.movements[0] == target.movements[1])
    }
  }

  @Test("late sales come in batches, in order, with times and ids of hours ago")
  func late() async throws {
    let target = ScriptedTarget()
    try await withTill(target) { till in
      var batches: [[String]] = []
      for _ in 0..<25 { batches.append(try await send(.late, till)) }
      #expect(batches.map(\.count) == Array(repeating: 0, count: 19) + [20] + Array(repeating: 0, count: 5))
      #expect(LoadKind.late.rest(till).count == 5)
      #expect(LoadKind.late.rest(till).isEmpty)

      let now = WallClock.system.unixMicroseconds
      let times = target.sales.map(\.occurredAtUnixMicroseconds)
      #expect(times == times.sorted())
      #expect(times.allSatisfy { (3_600_000_000...86_400_000_000).contains(now - $0) })
      let ids = target.sales.map(\.requestID.text)
      #expect(Set(ids).count == 20)
      for (id, time) in zip(ids, times) {
        let hexadecimal = id.replacing("-", with: "").prefix(12)
        #expect(Int64(hexadecimal, radix: 16) == time / 1_000)
      }
    }
  }

  @Test("what was acknowledged is in the journal, and what failed is not")
  func journal() async throws {
    struct Gone: Error {}
    let count = Atomic(0)
    let target = ScriptedTarget { sale in
      if count.add(1, ordering: .relaxed).newValue == 2 { throw Gone() }
      return .points(7)
    }
    try await LoadFixtures.withFolder { folder in
      let journal = try LoadJournal(directory: folder, process: 0)
      let plan = LoadFixtures.plan(rate: 1, seconds: 1, folder: folder)
      let till = try LoadTill(plan, target: target, journal: journal, random: .seeded(1))
      _ = try await send(.earn, till)
      await #expect(throws: Gone.self) { _ = try await send(.earn, till) }
      _ = try await send(.refund, till)
      journal.flush()
      let acknowledged = try AcknowledgedMutations(directory: folder, sampleMaximum: 10)
      #expect(acknowledged.counts.orders == 1)
      #expect(acknowledged.counts.reversals == 1)
      #expect(acknowledged.sample.map(\.balanceChange) == [7, -1])
      #expect(acknowledged.sample.map(\.orderID) == [target.sales[0].requestID, target.sales[0].requestID])
      #expect(acknowledged.sample.map(\.memberNumber) == Array(repeating: target.sales[0].memberNumber, count: 2))
    }
  }

  @Test("an acknowledged movement of a stored value is in the journal, with what it changed")
  func movementJournal() async throws {
    let target = ScriptedTarget()
    try await LoadFixtures.withFolder { folder in
      let journal = try LoadJournal(directory: folder, process: 0)
      let plan = LoadFixtures.plan(rate: 1, seconds: 1, folder: folder)
      let till = try LoadTill(plan, target: target, journal: journal, random: .seeded(1))
      for _ in 0..<10 { _ = try await send(.storedValue, till) }
      journal.flush()
      let acknowledged = try AcknowledgedMutations(directory: folder, sampleMaximum: 10)
      #expect(acknowledged.counts == AcknowledgedCounts(storedValueMovements: 10))
      #expect(acknowledged.sample.map(\.kind) == Array(repeating: .storedValue, count: 10))
      #expect(acknowledged.sample.map(\.requestID) == target.movements.map(\.requestID))
      #expect(acknowledged.sample.map(\.balanceChange) == target.movements.map(\.minorUnits))
    }
  }

  @Test("a sample of the journal is as large as asked for and spread over all processes")
  func sample() async throws {
    try await LoadFixtures.withFolder { folder in
      for process in 0..<3 {
        let journal = try LoadJournal(directory: folder, process: process)
        for number in 0..<1_000 {
          let mutation = AcknowledgedMutation(
            kind: .order,
            requestID: UUID(),
            orderID: UUID(),
            memberNumber: process,
            balanceChange: Int64(number) - 500
          )
          journal.append(mutation)
        }
        journal.flush()
      }
      let few = try AcknowledgedMutations(directory: folder, sampleMaximum: 30)
      #expect(few.counts.orders == 3_000)
      #expect(few.sample.count == 30)
      #expect(Set(few.sample.map(\.memberNumber)) == [0, 1, 2])
      #expect(try AcknowledgedMutations(directory: folder, sampleMaximum: 9_999).sample.count == 3_000)
    }
  }

  @Test("coupons and ids in files come back as they were written")
  func files() async throws {
    try await LoadFixtures.withFolder { folder in
      let (first, second) = (UUID(), UUID())
      let coupons = CouponSupply.content([(memberNumber: 7, couponID: first), (memberNumber: 300, couponID: second)])
      try coupons.write(to: URL(fileURLWithPath: "\(folder)/coupons"))
      let supply = try CouponSupply(file: "\(folder)/coupons")
      #expect(supply.count == 2)
      #expect(supply.coupon(0) == CouponSupply.Coupon(memberNumber: 7, couponID: first.text))
      #expect(supply.coupon(1) == CouponSupply.Coupon(memberNumber: 300, couponID: second.text))
      #expect(IDFile.id(1, in: IDFile.content([first, second])) == second.text)
    }
  }
}
