internal import Foundation
internal import RPC
internal import ServiceKit
internal import Synchronization

/// All tills of one process: makes up sales, sends them, and remembers what was answered.
final class LoadTill: Sendable {
  /// How many answered sales are kept to be given back or repeated.
  private static let rememberedMaximum = 4_096
  /// Prices of a line, in minor units.
  private static let prices: ClosedRange<Int64> = 50...2_000
  private static let tillsPerStore = 10
  /// How many hours ago the sales of an offline till were made, at least, to the full hour.
  private static let lateHoursMinimum = 2

  /// A sale that was answered.
  struct PostedSale: Sendable {
    var sale: Sale
    var answer: LoadAnswer
  }

  /// An order that can be taken back.
  struct Returnable: Sendable {
    var orderID: UUID
    var memberNumber: Int
  }

  private struct State {
    var returnable: [Returnable] = []
    var repeatable: [PostedSale] = []
    var late: [Sale] = []
    var nextCoupon: Int
  }

  let plan: LoadPlan
  private let target: any LoadTarget
  private let roster: MemberRoster
  private let picker: MemberPicker
  private let coupons: CouponSupply?
  private let journal: LoadJournal
  private let random: RandomSource
  private let clock: WallClock
  private let ids: UUIDv7Generator
  private let options: CallOptions
  private let state: Mutex<State>

  /// - Throws: If the files that the plan names can't be read.
  init(
    _ plan: LoadPlan,
    target: any LoadTarget,
    journal: LoadJournal,
    random: RandomSource,
    clock: WallClock = .system
  ) throws {
    self.plan = plan
    self.target = target
    self.journal = journal
    self.random = random
    self.clock = clock
    ids = UUIDv7Generator(clock: clock)
    roster = try MemberRoster(plan.members)
    picker = MemberPicker(plan.choice, count: plan.members.count)
    coupons = try plan.couponFile.map { try CouponSupply(file: $0) }
    options = CallOptions(timeout: .milliseconds(plan.timeoutMilliseconds))
    state = Mutex(State(nextCoupon: plan.process.index))
  }
}

extension LoadTill {
  /// A sale that happens now.
  func newSale(member: Int? = nil) -> Sale {
    newSale(member: member, requestID: newRequestID(), occurredAt: clock.unixMicroseconds)
  }

  /// A request id minted now.
  func newRequestID() -> UUID { ids.next() }

  /// A random number.
  func number(in range: ClosedRange<Int64>) -> Int64 {
    var random = random
    return Int64.random(in: range, using: &random)
  }

  /// A random number from 0 up to, not including, 1.
  func fraction() -> Double {
    var random = random
    return Double.random(in: 0..<1, using: &random)
  }

  private func newSale(member: Int?, requestID: UUID, occurredAt: Int64) -> Sale {
    var random = random
    let number = member ?? picker.next(using: &random)
    return Sale(
      requestID: requestID,
      memberNumber: number,
      memberID: roster.memberID(number),
      store: Int.random(in: 0..<plan.storeCount, using: &random),
      till: Int.random(in: 0..<Self.tillsPerStore, using: &random),
      receiptNumber: requestID.text,
      occurredAtUnixMicroseconds: occurredAt,
      lines: (0..<plan.curves.lineCount(using: &random)).map { _ in
        Sale.Line(
          product: Int.random(in: 100_000..<1_000_000, using: &random),
          minorUnits: Int64.random(in: Self.prices, using: &random)
        )
      },
      currencyCode: plan.programme.currencyCode
    )
  }

  /// A coupon that nobody has used yet, and its member; nil when there are no more.
  func nextCoupon() -> CouponSupply.Coupon? {
    guard let coupons else { return nil }
    let place = state.withLock { state in
      defer { state.nextCoupon += plan.process.count }
      return state.nextCoupon
    }
    return place < coupons.count ? coupons.coupon(place) : nil
  }
}

extension LoadTill {
  /// Puts a sale of hours ago aside, under an id minted then.
  ///
  /// - Returns: Whether a batch is full.
  func queueLate(batchSize: Int) -> Bool {
    var random = random
    let microsecondsPerHour: Int64 = 3_600_000_000
    let now = clock.unixMicroseconds
    // Within the last day, at the hours at which people shop.
    let hour = Int(now / microsecondsPerHour) - plan.curves.hour(using: &random)
    let hoursAgo = Int64(max(Self.lateHoursMinimum, hour % 24))
    let then = now - hoursAgo * microsecondsPerHour + Int64.random(in: 0..<microsecondsPerHour, using: &random)
    let generator = UUIDv7Generator(clock: .fixed(unixMicroseconds: then))
    let sale = newSale(member: nil, requestID: generator.next(), occurredAt: then)
    return state.withLock { state in
      state.late.append(sale)
      return state.late.count >= batchSize
    }
  }

  /// The sales put aside, earliest first.
  func takeLate() -> [Sale] {
    state.withLock { state in
      defer { state.late = [] }
      return state.late.sorted { $0.occurredAtUnixMicroseconds < $1.occurredAtUnixMicroseconds }
    }
  }

  /// An order to give back; nobody else gets it.
  func takeReturnable() -> Returnable? {
    state.withLock { state in
      guard !state.returnable.isEmpty else { return nil }
      let place = Int(random.next() % UInt64(state.returnable.count))
      state.returnable.swapAt(place, state.returnable.count - 1)
      return state.returnable.removeLast()
    }
  }

  /// A sale to repeat.
  func repeatable() -> PostedSale? {
    state.withLock { state in
      state.repeatable.isEmpty ? nil : state.repeatable[Int(random.next() % UInt64(state.repeatable.count))]
    }
  }
}

extension LoadTill {
  /// Posts a sale and remembers that it was acknowledged.
  func post(_ sale: Sale) async throws {
    let answer = try await target.post(sale, options: options)
    journal.append(
      AcknowledgedMutation(
        kind: .order,
        requestID: sale.requestID,
        orderID: sale.requestID,
        memberNumber: sale.memberNumber,
        pointsChange: answer.pointsChange
      )
    )
    state.withLock { state in
      let order = Returnable(orderID: sale.requestID, memberNumber: sale.memberNumber)
      remember(order, in: &state.returnable)
      remember(PostedSale(sale: sale, answer: answer), in: &state.repeatable)
    }
  }

  /// Takes an order back and remembers that it was acknowledged.
  func refund(_ order: Returnable, requestID: UUID) async throws {
    let answer = try await target.refund(order.orderID, requestID: requestID, options: options)
    journal.append(
      AcknowledgedMutation(
        kind: .reversal,
        requestID: requestID,
        orderID: order.orderID,
        memberNumber: order.memberNumber,
        pointsChange: answer.pointsChange
      )
    )
  }

  /// Sends an answered sale again.
  ///
  /// - Throws: ``LoadFinding`` if the answer is another one.
  func repeatSale(_ posted: PostedSale) async throws {
    let answer = try await target.post(posted.sale, options: options)
    guard answer.bytes == posted.answer.bytes else {
      throw LoadFinding("The order \(posted.sale.requestID.text), sent again, got another answer than at first.")
    }
  }

  /// Keeps the latest ones, at random places, once there are many.
  private func remember<Element>(_ element: Element, in list: inout [Element]) {
    if list.count < Self.rememberedMaximum {
      list.append(element)
    } else {
      list[Int(random.next() % UInt64(list.count))] = element
    }
  }
}
