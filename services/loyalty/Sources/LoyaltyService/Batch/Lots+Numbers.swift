import Basics
import Foundation
import Postgres

extension [Lot] {
  /// As the store keeps them: pairs of key and amount.
  var numbers: [Int64] {
    var numbers: [Int64] = []
    numbers.reserveCapacity(count * 2)
    for lot in self {
      numbers.append(lot.key.rawValue)
      numbers.append(lot.amount)
    }
    return numbers
  }

  init(numbers: some RandomAccessCollection<Int64>) throws(BrokenInvariant) {
    var reader = NumberReader(numbers)
    self = []
    reserveCapacity(numbers.count / 2)
    while !reader.isAtEnd { append(try reader.lot()) }
  }
}

extension [Hold] {
  /// As the store keeps them: the id's two halves, when it ends, how many lots, and their pairs.
  var numbers: [Int64] {
    flatMap { hold in
      hold.id.halves + [hold.expiresAt.rawValue, Int64(hold.lots.count)] + hold.lots.numbers
    }
  }

  init(numbers: [Int64]) throws(BrokenInvariant) {
    var reader = NumberReader(numbers)
    self = []
    while !reader.isAtEnd {
      let (id, expiresAt, count) = (try reader.id(), Instant(rawValue: try reader.next()), try reader.next())
      var lots: [Lot] = []
      var left = count
      while left > 0 {
        lots.append(try reader.lot())
        left -= 1
      }
      append(Hold(id: id, lots: lots, expiresAt: expiresAt))
    }
  }
}

extension [PendingLot] {
  /// As the store keeps them: the id's two halves, amount, last day, and when it becomes spendable or -1.
  var numbers: [Int64] {
    flatMap { pending in
      let ripe: Int64 =
        switch pending.activates {
        case .at(let instant): instant.rawValue
        case .onEvent: -1
        }
      return pending.id.halves + [pending.amount, Int64(pending.expiresOn.rawValue), ripe]
    }
  }

  init(numbers: [Int64]) throws(BrokenInvariant) {
    var reader = NumberReader(numbers)
    self = []
    while !reader.isAtEnd {
      let (id, amount) = (try reader.id(), try reader.next())
      let (day, ripe) = (try reader.day(), try reader.next())
      append(
        PendingLot(
          id: id,
          amount: amount,
          expiresOn: day,
          activates: ripe < 0 ? .onEvent : .at(Instant(rawValue: ripe))
        )
      )
    }
  }
}

/// Reads lists of numbers that the ledger keeps in its rows.
private struct NumberReader<Numbers: RandomAccessCollection<Int64>> {
  private var rest: Numbers.SubSequence

  init(_ numbers: Numbers) {
    rest = numbers[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func next() throws(BrokenInvariant) -> Int64 {
    guard let number = rest.popFirst() else { throw BrokenInvariant("a list of numbers in the ledger is cut short") }
    return number
  }

  mutating func lot() throws(BrokenInvariant) -> Lot {
    guard let key = LotKey(rawValue: try next()) else { throw BrokenInvariant("a lot in the ledger has no key") }
    return Lot(expiresOn: key.expiresOn, isBonus: key.isBonus, amount: try next())
  }

  mutating func day() throws(BrokenInvariant) -> Day {
    guard let day = Int32(exactly: try next()) else { throw BrokenInvariant("a day in the ledger is none") }
    return Day(rawValue: day)
  }

  mutating func id() throws(BrokenInvariant) -> UUID { UUID(halves: try next(), try next()) }
}

extension UUID {
  /// The id's first and last eight bytes as numbers.
  fileprivate var halves: [Int64] {
    [Int64(bitPattern: high), Int64(bitPattern: low)]
  }

  fileprivate init(halves first: Int64, _ last: Int64) {
    self.init(high: UInt64(bitPattern: first), low: UInt64(bitPattern: last))
  }
}
