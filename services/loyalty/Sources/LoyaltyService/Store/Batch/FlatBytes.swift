import Postgres

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
