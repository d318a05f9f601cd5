import Postgres

/// Many lists of numbers as one array parameter: a parameter cannot be an array of arrays of several lengths, its slices can.
struct FlatLists {
  private(set) var numbers: [Int64] = []
  /// Where each list begins and ends in `numbers`, counted from 1; an empty list ends before it begins.
  private(set) var firsts: [Int32] = []
  private(set) var lasts: [Int32] = []

  /// Makes room for so many lists of one lot each.
  mutating func reserve(_ count: Int) {
    numbers.reserveCapacity(2 * count)
    firsts.reserveCapacity(count)
    lasts.reserveCapacity(count)
  }

  mutating func append(_ list: some Collection<Int64>) {
    firsts.append(Int32(clamping: numbers.count + 1))
    numbers.append(contentsOf: list)
    lasts.append(Int32(clamping: numbers.count))
  }

  /// Lots as the store keeps them: pairs of key and amount.
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

  /// Makes room for so many of so many bytes each.
  mutating func reserve(_ count: Int, of length: Int) {
    bytes.reserveCapacity(count * length)
    firsts.reserveCapacity(count)
    lengths.reserveCapacity(count)
  }

  mutating func append(_ string: [UInt8]) {
    firsts.append(Int32(clamping: bytes.count + 1))
    lengths.append(Int32(clamping: string.count))
    bytes += string
  }

  /// The bytes that have the number of the row.
  var item: SQL { "substring(\(bytes) FROM \(item: firsts) FOR \(item: lengths))" }
}
