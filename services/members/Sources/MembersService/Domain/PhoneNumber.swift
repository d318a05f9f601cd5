/// A phone number in E.164 form (ITU-T E.164: a country code and a subscriber's number, at most 15 digits together).
struct PhoneNumber: Sendable, Hashable {
  /// "+" and digits: "+8613800138000".
  let e164: String

  /// The most digits a number has, the country code among them (ITU-T E.164 section 6.2.1).
  static let digitsMaximum = 15
  /// Fewer digits than this, the country code among them, reach nobody from abroad.
  static let digitsMinimum = 7

  /// Reads E.164 or the 11 digits of a Chinese mobile number. Spaces and hyphens are dropped.
  init(parsing text: String) throws(InvalidValue) {
    // Longer than any spelling of a number: refused before it is looked at.
    guard text.utf8.count <= 64 else { throw Self.malformed }
    var digits = text.unicodeScalars.filter { !Self.separators.contains($0) }[...]
    let isInternational = digits.first == "+"
    if isInternational { digits = digits.dropFirst() }
    guard digits.allSatisfy({ "0"..."9" ~= $0 }) else { throw Self.malformed }
    let number = digits.map { $0.value - 0x30 }
    e164 = isInternational ? try Self.international(number) : try Self.chineseMobile(number)
  }

  /// A number that was read from where it had been stored.
  init(stored e164: String) {
    self.e164 = e164
  }

  private static func international(_ digits: [UInt32]) throws(InvalidValue) -> String {
    guard digits.first != 0 else {
      throw InvalidValue(
        .phoneInvalid,
        "begin with a country code after the +, which never begins with 0: +8613800138000, not +008613800138000"
      )
    }
    guard digitsMinimum...digitsMaximum ~= digits.count else {
      throw InvalidValue(
        .phoneInvalid,
        "give \(digitsMinimum) to \(digitsMaximum) digits after the +, country code included; these are \(digits.count)"
      )
    }
    if digits.starts(with: [8, 6]), !isChinese(digits.dropFirst(2)) {
      throw InvalidValue(
        .phoneInvalid,
        "give after +86 a mobile number of 11 digits (13 to 19 first), or a landline with its area code without the 0"
      )
    }
    return "+" + digits.map(String.init).joined()
  }

  private static func chineseMobile(_ digits: [UInt32]) throws(InvalidValue) -> String {
    guard digits.count == 11, isChinese(digits[...]), digits[1] >= 3, digits[0] == 1 else { throw malformed }
    return "+86" + digits.map(String.init).joined()
  }

  /// Whether these digits can follow +86: a mobile number (1, then 3 to 9, 11 digits in all), a number in Beijing (area
  /// code 10, 10 digits in all), or another landline (10 or 11 digits).
  private static func isChinese(_ digits: ArraySlice<UInt32>) -> Bool {
    let digits = Array(digits)
    guard digits.count >= 2 else { return false }
    switch (digits[0], digits[1]) {
    case (1, 3...9): return digits.count == 11
    case (1, 0): return digits.count == 10
    case (2...9, _): return 10...11 ~= digits.count
    default: return false
    }
  }

  /// Space, no-break space, ideographic space; hyphen-minus, hyphen, no-break hyphen.
  private static let separators: Set<Unicode.Scalar> = [
    " ", "\u{A0}", "\u{3000}", "-", "\u{2010}", "\u{2011}",
  ]

  private static let malformed = InvalidValue(
    .phoneInvalid,
    "give the phone in E.164 form (+8613800138000), or as a Chinese mobile number of 11 digits (13800138000)"
  )
}
