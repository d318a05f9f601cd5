import Basics
import Foundation
import RPC
import ServiceKit
import Synchronization

/// All tills of one process: makes up sales, sends them, and remembers what was answered.
final class LoadTill: Sendable {
  /// How many answered requests are kept to be given back or repeated, and how many members who paid in.
  private static let rememberedMaximum = 4_096
  /// How many hours ago the sales of an offline till were made, at least, to the full hour.
  private static let lateHoursMinimum = 2

  /// A request that can be repeated.
  enum Repeatable: Sendable {
    case sale(Sale)
    case storedValue(StoredValueMovement)

    var requestID: UUID {
      switch self {
      case .sale(let sale): sale.requestID
      case .storedValue(let movement): movement.requestID
      }
    }
  }

  /// A request with its answer.
  struct Answered: Sendable {
    var request: Repeatable
    var answer: LoadAnswer
  }

  /// An order that can be taken back.
  struct Returnable: Sendable {
    var orderID: UUID
    var memberNumber: Int
  }

  private struct State {
    var returnable: [Returnable] = []
    var repeatable: [Answered] = []
    /// The numbers of members who paid into their stored value.
    var depositors: [Int] = []
    var late: [Sale] = []
    var nextCoupon: Int
  }

  let plan: LoadPlan
  private let target: any LoadTarget
  private let roster: MemberRoster
  private let picker: MemberPicker
  private let draft: SaleDraft
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
    draft = SaleDraft(
      storeCount: plan.storeCount,
      baskets: plan.curves,
      currencyCode: plan.programme.currencyCode
    )
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
    return draft.sale(
      requestID: requestID,
      memberNumber: number,
      memberID: roster.memberID(number),
      occurredAt: occurredAt,
      using: &random
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

  /// A request to repeat.
  func repeatable() -> Answered? {
    state.withLock { drawn(from: $0.repeatable) }
  }

  /// The number of a member who has paid into the stored value in this run; nil as long as nobody has.
  func depositor() -> Int? {
    state.withLock { drawn(from: $0.depositors) }
  }

  private func drawn<Element>(from list: [Element]) -> Element? {
    list.isEmpty ? nil : list[Int(random.next() % UInt64(list.count))]
  }
}

extension LoadTill {
  /// Posts a sale and remembers that it was acknowledged.
  func post(_ sale: Sale) async throws {
    let answer = try await send(.sale(sale))
    acknowledge(.order, sale.requestID, memberNumber: sale.memberNumber, answer)
    state.withLock { state in
      let order = Returnable(orderID: sale.requestID, memberNumber: sale.memberNumber)
      remember(order, in: &state.returnable)
      remember(Answered(request: .sale(sale), answer: answer), in: &state.repeatable)
    }
  }

  /// Takes an order back and remembers that it was acknowledged.
  func refund(_ order: Returnable, requestID: UUID) async throws {
    let answer = try await target.refund(order.orderID, requestID: requestID, options: options)
    acknowledge(.reversal, requestID, orderID: order.orderID, memberNumber: order.memberNumber, answer)
  }

  /// Pays money into a stored value, or with it, and remembers that it was acknowledged.
  func move(_ movement: StoredValueMovement) async throws {
    let answer = try await send(.storedValue(movement))
    acknowledge(.storedValue, movement.requestID, memberNumber: movement.memberNumber, answer)
    state.withLock { state in
      if movement.minorUnits > 0 { remember(movement.memberNumber, in: &state.depositors) }
      remember(Answered(request: .storedValue(movement), answer: answer), in: &state.repeatable)
    }
  }

  /// Sends an answered request again.
  ///
  /// - Throws: ``LoadFinding`` if the answer is another one.
  func sendAgain(_ answered: Answered) async throws {
    let answer = try await send(answered.request)
    guard answer.bytes == answered.answer.bytes else {
      let id = answered.request.requestID.text
      throw LoadFinding("The request \(id), sent again, got another answer than at first.")
    }
  }

  /// Notes what the ledger must have from now on.
  ///
  /// - Parameter orderID: The order that it is about; nil if that has the request's id.
  private func acknowledge(
    _ kind: AcknowledgedMutation.Kind,
    _ requestID: UUID,
    orderID: UUID? = nil,
    memberNumber: Int,
    _ answer: LoadAnswer
  ) {
    journal.append(
      AcknowledgedMutation(
        kind: kind,
        requestID: requestID,
        orderID: orderID ?? requestID,
        memberNumber: memberNumber,
        balanceChange: answer.balanceChange
      )
    )
  }

  private func send(_ request: Repeatable) async throws -> LoadAnswer {
    switch request {
    case .sale(let sale): try await target.post(sale, options: options)
    case .storedValue(let movement): try await target.move(movement, options: options)
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
