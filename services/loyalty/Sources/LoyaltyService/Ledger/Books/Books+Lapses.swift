import Basics
import Foundation

// What became of the points of a sale of which something is taken back.
extension Books {
  /// How many of the points that an order earned may be taken still: those that were not cancelled, have not expired, and
  /// were not taken before. All that were not taken before if the programme takes gone ones too.
  ///
  /// Lots of one last day are one lot. What was left of it when it expired counts as the order's.
  ///
  /// - Parameters:
  ///   - day: The last day of what the order earned, if it is known.
  ///   - due: What was due by time and is not entered yet.
  func pointsLeft(of order: OrderRow, earnedUntil day: Day?, due: [Posting]) -> Int64 {
    var left = Int128(order.pointsEarned) - Int128(returns[order.orderID]?.pointsTaken ?? 0)
    guard !programme.returnRule.takesGone else { return Int64(clamping: left) }
    let (before, now) = (lapses[order.orderID] ?? [], lapsesNow[order.memberID] ?? [])
    for posting in before + now + due { left -= Int128(posting.gone(of: order.orderID, expiringOn: day)) }
    return Int64(clamping: max(0, left))
  }
}

extension Posting {
  /// Whether points were gone with it that a member had earned.
  var isLapse: Bool { type == .expire || type == .cancel }

  /// How many points of an order were gone with it.
  fileprivate func gone(of orderID: UUID, expiringOn day: Day?) -> Int64 {
    switch type {
    case .cancel: reference == orderID ? amount : 0
    case .expire: lots.first { $0.expiresOn == day }?.amount ?? 0
    case .nothing, .earn, .redeem, .earnReversal, .redeemReversal, .pend, .activate, .hold, .capture, .release, .adjust,
      .transferOut, .transferIn, .deposit, .withdraw:
      0
    }
  }
}
