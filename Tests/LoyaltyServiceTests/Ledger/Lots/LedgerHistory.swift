import Basics
import Foundation
import SeededRandomness

@testable import LoyaltyService

/// Random operations on one member's holding, one after the other, most of which make sense.
struct LedgerHistory {
  /// Hours since the beginning of day 0; sometimes they go back, as clocks do.
  private var hour: Int64 = 240
  /// The requests so far: the ids that holds and pending lots may have.
  private var lastID: UInt32 = 0
  /// Slices that were spent and not given back.
  private var spendings: [[Lot]] = []
  private var random: SeededRandom

  init(random: SeededRandom) { self.random = random }

  private var time: LedgerTime { .hour(hour) }

  /// Whether the next operation follows a settlement, as it should.
  mutating func settlesFirst() -> LedgerOperation? {
    moveClock()
    return chance(of: 85) ? .settle(time) : nil
  }

  /// Remembers what was spent, to give it back some time.
  mutating func remember(_ postings: [Posting]) {
    for posting in postings where posting.type == .redeem || posting.type == .capture { spendings.append(posting.lots) }
  }

  /// The next operation on a holding that is like this now.
  mutating func next(_ model: HoldingModel) -> LedgerOperation {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<11: .receive([Lot(expiresOn: day(), amount: amount())], from: .issued, type: .earn)
    case 11..<13: .receive([Lot(expiresOn: .never, amount: amount())], from: .storedValueFloat, type: .deposit)
    case 13..<16: .receive([Lot(expiresOn: day(), isBonus: true, amount: amount())], from: .giftBonus, type: .deposit)
    case 16..<18: .receive([Lot(expiresOn: day(), amount: amount())], from: .compensation, type: .adjust)
    case 18..<20: .receive(slices(), from: .transfer, type: .transferIn)
    case 20..<32: .pend(amount(), id: newID(), expiresOn: day(), activates: activation())
    case 32..<36: .activate(id(of: model.parcels))
    case 36..<39: .cancel(id(of: model.parcels))
    case 39..<50: .spend(amount(), to: .redeemed, type: .redeem)
    case 50..<53: .withdraw(amount())
    case 53..<55: .spend(amount(), to: .transfer, type: .transferOut)
    case 55..<67: .hold(amount(), id: newID(), expiresAt: instant())
    case 67..<76: .capture(id(of: model.parcels), amount: amount(), releasesRest: chance(of: 50))
    case 76..<80: .release(id(of: model.parcels))
    case 80..<89: .restore(spentSlices(), at: time, rule: rule())
    default: returnEarned(model)
    }
  }

  private mutating func returnEarned(_ model: HoldingModel) -> LedgerOperation {
    .returnEarned(
      amount(),
      pendingID: chance(of: 60) ? id(of: model.parcels) : nil,
      expiresOn: chance(of: 60) ? (model.parcels.randomElement(using: &random)?.day ?? day()) : nil,
      policy: policy()
    )
  }

  // MARK: Ingredients

  private mutating func chance(of percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func moveClock() {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<60: break
    case 60..<85: hour += Int64.random(in: 1...6, using: &random)
    case 85..<96: hour += Int64.random(in: 7...60, using: &random)
    default: hour = max(0, hour - Int64.random(in: 1...30, using: &random))
    }
  }

  /// Mostly few; now and then so many that sums come close to 64 bits.
  private mutating func amount() -> Int64 {
    guard chance(of: 1) else { return .random(in: 1...40, using: &random) }
    return .max / .random(in: 1...4, using: &random) - .random(in: 0...50, using: &random)
  }

  private mutating func day() -> Day {
    chance(of: 4) ? .never : .number(time.today.rawValue + .random(in: -1...12, using: &random))
  }

  private mutating func instant() -> Instant {
    chance(of: 4) ? .never : .hour(hour + .random(in: -2...40, using: &random))
  }

  private mutating func activation() -> Activation { chance(of: 25) ? .onEvent : .at(instant()) }

  private mutating func slices() -> [Lot] {
    HoldingModel.merged(
      (0...2).map { _ in Lot(expiresOn: day(), isBonus: chance(of: 30), amount: .random(in: 1...20, using: &random)) }
    )
  }

  private mutating func rule() -> RestoreRule {
    chance(of: 50) ? .expireAtOnce : .grace(days: .random(in: 0...10, using: &random))
  }

  private mutating func policy() -> ReturnPolicy {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .pendingOnly
    case 1, 2: .withinBalance
    case 3: .negativeAllowed(floor: -.max)
    default: .negativeAllowed(floor: -.random(in: 0...60, using: &random))
    }
  }

  /// A new id, and now and then one that is used already.
  private mutating func newID() -> UUID {
    if chance(of: 97) { lastID += 1 }
    return .number(lastID)
  }

  /// The id of a hold or a pending lot, mostly of one that there is.
  private mutating func id(of parcels: [HoldingModel.Parcel]) -> UUID {
    for _ in 0..<6 {
      switch parcels.randomElement(using: &random)?.place {
      case .held(let id, _), .pending(let id, _): return id
      case .available, nil: continue
      }
    }
    return .number(lastID)
  }

  /// Slices of an earlier spending, all or a part of each; now and then some that were never spent.
  private mutating func spentSlices() -> [Lot] {
    guard !spendings.isEmpty, !chance(of: 5) else { return slices() }
    let spending = spendings.remove(at: .random(in: spendings.indices, using: &random))
    guard chance(of: 40) else { return spending }
    return spending.map { slice in
      Lot(expiresOn: slice.expiresOn, isBonus: slice.isBonus, amount: .random(in: 1...slice.amount, using: &random))
    }
  }
}
