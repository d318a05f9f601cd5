/// An amount of memory or of data.
public struct ByteCount: SettingValue, Hashable, Comparable {
  /// The amount in bytes.
  public let bytes: Int

  /// An amount in bytes.
  public init(bytes: Int) {
    self.bytes = bytes
  }

  /// 1,024 bytes each.
  public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 10) }
  /// 1,048,576 bytes each.
  public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count << 20) }

  /// `size`
  public static var settingKind: String { "size" }

  private static let malformed = SettingMalformed("must be a size such as 512B, 16KiB, 4MiB or 1GiB")
  private static let units: [(suffix: String, bytes: Int)] = [
    ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
  ]

  /// Reads a whole number followed by B, KiB, MiB or GiB.
  public init(settingText: String) throws(SettingMalformed) {
    let digits = settingText.prefix { $0.isASCII && $0.isNumber }
    let suffix = settingText.dropFirst(digits.count)
    guard let count = Int(digits), let unit = Self.units.first(where: { $0.suffix == suffix }) else {
      throw Self.malformed
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
    guard !overflow else { throw Self.malformed }
    self.bytes = bytes
  }

  /// A whole number in the largest unit that loses nothing.
  public var settingText: String {
    let unit = Self.units.last { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? Self.units[0]
    return "\(bytes / unit.bytes)\(unit.suffix)"
  }

  /// The smaller amount comes first.
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
}
