import Basics
import Foundation

@testable import LoyaltyService

extension UUID {
  /// The id with this number, the same every time.
  static func number(_ number: UInt32) -> UUID {
    let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
    return UUID(uuid: (0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, bytes[0], bytes[1], bytes[2], bytes[3]))
  }
}

extension LedgerTime {
  /// A number of hours after the beginning of day 0, in a ledger whose instants are hours.
  static func hour(_ hour: Int64) -> LedgerTime {
    LedgerTime(now: .hour(hour), today: Day(rawValue: Int32(hour / 24)))
  }

  /// The first hour of a day.
  static func day(_ day: Int32) -> LedgerTime { .hour(Int64(day) * 24) }
}

extension Instant {
  static func hour(_ hour: Int64) -> Instant { Instant(rawValue: hour) }
}

extension Day {
  static func number(_ number: Int32) -> Day { Day(rawValue: number) }
}

extension Lot {
  /// An amount that can be spent to the end of a day.
  static func lot(_ amount: Int64, to day: Int32) -> Lot { Lot(expiresOn: .number(day), amount: amount) }
}

extension Holding {
  /// A holding that earned these lots.
  static func earned(_ lots: [Lot]) throws -> Holding {
    var holding = Holding.empty
    for lot in lots { _ = try holding.earn(lot.amount, expiresOn: lot.expiresOn, from: .issued) }
    return holding
  }

  /// A holding with nothing but a debt: it earned an amount, spent it, and a return took it back.
  static func owing(_ debt: Int64) throws -> Holding {
    var holding = try Holding.earned([.lot(debt, to: 100)])
    _ = try holding.spend(debt, to: .redeemed)
    _ = holding.returnEarned(debt, pendingID: nil, policy: .negativeAllowed(floor: -debt), to: .issued)
    return holding
  }
}
