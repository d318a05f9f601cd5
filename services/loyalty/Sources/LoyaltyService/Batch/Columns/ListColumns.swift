import Basics
import Foundation
import Postgres

/// Many lists of numbers as one array parameter: a parameter cannot be an array of arrays of several lengths, its slices can.
struct FlatLists {
  private(set) var numbers: [Int64] = []
  /// Where each list begins and ends in `numbers`, counted from 1; an empty list ends before it begins.
  private(set) var firsts: [Int32] = []
  private(set) var lasts: [Int32] = []

  init() {}

  init(_ lists: some Sequence<[Int64]>) {
    for list in lists { append(list) }
  }

  /// Makes room for `count` lists of one lot each.
  mutating func reserve(_ count: Int) {
    numbers.reserveCapacity(2 * count)
    firsts.reserveCapacity(count)
    lasts.reserveCapacity(count)
  }

  /// Appends a list.
  mutating func append(_ list: some Collection<Int64>) {
    firsts.append(Int32(clamping: numbers.count + 1))
    numbers.append(contentsOf: list)
    lasts.append(Int32(clamping: numbers.count))
  }

  /// Appends lots as the tables have them: pairs of key and amount.
  mutating func append(lotsOf lots: [Lot]) {
    firsts.append(Int32(clamping: numbers.count + 1))
    for lot in lots {
      numbers.append(lot.key.rawValue)
      numbers.append(lot.amount)
    }
    lasts.append(Int32(clamping: numbers.count))
  }

  /// The list that has the number of the row; an empty one is an empty array.
  var item: SQL { "(\(numbers))[\(item: firsts):\(item: lasts)]" }
}

/// Many strings of bytes as one parameter: an item of `bytea[]` can be found only by going through those before it.
struct FlatBytes {
  private var bytes: [UInt8] = []
  /// Where each begins in `bytes`, counted from 1, and how many it has.
  private var firsts: [Int32] = []
  private var lengths: [Int32] = []

  /// Makes room for `count` strings of `length` bytes each.
  mutating func reserve(_ count: Int, of length: Int) {
    bytes.reserveCapacity(count * length)
    firsts.reserveCapacity(count)
    lengths.reserveCapacity(count)
  }

  /// Appends a string.
  mutating func append(_ string: [UInt8]) {
    firsts.append(Int32(clamping: bytes.count + 1))
    lengths.append(Int32(clamping: string.count))
    bytes += string
  }

  /// The bytes that have the number of the row.
  var item: SQL { "substring(\(bytes) FROM \(item: firsts) FOR \(item: lengths))" }
}

extension [Lot] {
  /// As the tables have them: pairs of key and amount.
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
  /// As the tables have them: the id's two halves, when it ends, how many lots, and their pairs.
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
  /// As the tables have them: the id's two halves, amount, last day, and when it becomes spendable or -1.
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

/// Reads lists of numbers of the ledger's rows.
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
