import Basics

extension Duration: SettingValue {
  /// `duration`
  public static var settingKind: String { "duration" }

  private static let malformed = SettingMalformed("must be a duration such as 250ms, 5s, 2m, 1h or 30d")
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
  ]

  /// Reads a whole number followed by ns, us, ms, s, m, h or d; never negative.
  public init(settingText: String) throws(SettingMalformed) {
    let digits = settingText.prefix { $0.isASCII && $0.isNumber }
    let suffix = settingText.dropFirst(digits.count)
    guard let count = Int64(digits), let unit = Self.units.first(where: { $0.suffix == suffix }) else {
      throw Self.malformed
    }
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflow else { throw Self.malformed }
    self = .nanoseconds(nanoseconds)
  }

  /// A whole number in the largest unit that loses nothing.
  public var settingText: String {
    let nanoseconds = wholeNanoseconds
    let unit = Self.units.last { nanoseconds % $0.nanoseconds == 0 && nanoseconds >= $0.nanoseconds }
    guard let unit else { return nanoseconds == 0 ? "0s" : "\(nanoseconds)ns" }
    return "\(nanoseconds / unit.nanoseconds)\(unit.suffix)"
  }
}
