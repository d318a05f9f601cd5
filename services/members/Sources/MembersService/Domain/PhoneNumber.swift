/// A phone number in E.164 form (ITU-T E.164: a country code and a subscriber's number, at most 15 digits together).
struct PhoneNumber: Sendable, Hashable {
  /// "+" and digits: "+8613800138000".
  let e164: String

  /// The greatest number of digits, including the country code (ITU-T E.164 section 6.2.1).
  static let digitsMaximum = 15
  /// The smallest number of digits, including the country code, of a number that can be reached from abroad.
  static let digitsMinimum = 7

  /// Parses a number as people write it: E.164, with 00 for the plus, or a Chinese mobile number of 11 digits with or
  /// without 86. Drops spaces, hyphens, dots and parentheses, accepts full-width characters, and drops the 0 that is
  /// dialled within a country before the area code.
  init(parsing text: String) throws(InvalidValue) {
    var digits = text.unicodeScalars.map(Self.ordinary).filter { !Self.separators.contains($0) }[...]
    let hasPlus = digits.first == "+"
    if hasPlus { digits = digits.dropFirst() }
    guard digits.allSatisfy({ "0"..."9" ~= $0 }) else { throw Self.malformed }
    var number = digits.map { Int($0.value) - 0x30 }[...]
    if !hasPlus, number.starts(with: [0, 0]) {
      number = number.dropFirst(2)
    } else if !hasPlus, !Self.isChineseMobileFromAbroad(number) {
      guard Self.isChineseMobile(number) else { throw Self.malformed }
      number = [8, 6] + number
    }
    e164 = try Self.international(number)
  }

  /// Makes a number from its stored form.
  init(stored e164: String) {
    self.e164 = e164
  }

  private static func international(_ number: ArraySlice<Int>) throws(InvalidValue) -> String {
    guard number.first != 0 else {
      throw InvalidValue(
        .phoneInvalid,
        "begin with a country code after the + or 00, which never begins with 0: +8613800138000, not +008613800138000"
      )
    }
    let digits = DialledPrefix.dropped(from: number)
    guard digitsMinimum...digitsMaximum ~= digits.count else {
      throw InvalidValue(
        .phoneInvalid,
        "give \(digitsMinimum) to \(digitsMaximum) digits, country code included; these are \(digits.count)"
      )
    }
    if digits.starts(with: [8, 6]), !isChinese(Array(digits.dropFirst(2))) {
      throw InvalidValue(
        .phoneInvalid,
        "give after +86 a mobile number of 11 digits (13 to 19 first), or a landline with its area code"
      )
    }
    return "+" + digits.map(String.init).joined()
  }

  /// Returns whether the digits are 1, then 3 to 9, 11 digits in all.
  private static func isChineseMobile(_ digits: ArraySlice<Int>) -> Bool {
    digits.count == 11 && digits.first == 1 && digits[digits.startIndex + 1] >= 3
  }

  /// Returns whether the digits are a Chinese mobile number with its country code, and no prefix.
  private static func isChineseMobileFromAbroad(_ digits: ArraySlice<Int>) -> Bool {
    digits.starts(with: [8, 6]) && isChineseMobile(digits.dropFirst(2))
  }

  /// Returns whether the digits can follow +86: a mobile number, a number in Beijing (area code 10, 10 digits in all),
  /// or another landline (10 or 11 digits).
  private static func isChinese(_ digits: [Int]) -> Bool {
    guard digits.count >= 2 else { return false }
    switch (digits[0], digits[1]) {
    case (1, 3...9): return digits.count == 11
    case (1, 0): return digits.count == 10
    case (2...9, _): return 10...11 ~= digits.count
    default: return false
    }
  }

  /// Returns the ordinary form of a full-width character (U+FF01 to U+FF5E are wide ASCII).
  private static func ordinary(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard 0xFF01...0xFF5E ~= scalar.value else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
  }

  /// Space, no-break, thin, narrow no-break and ideographic space; hyphen-minus, hyphen, no-break hyphen, figure and en
  /// dash; full stop and parentheses.
  private static let separators: Set<Unicode.Scalar> = [
    " ", "\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}", "-", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", ".", "(",
    ")",
  ]

  private static let malformed = InvalidValue(
    .phoneInvalid,
    "give the phone in E.164 form (+8613800138000), or as a Chinese mobile number of 11 digits (13800138000)"
  )
}

/// The 0 that many countries dial before the area code, and that is not part of a number in E.164 form.
enum DialledPrefix {
  /// Removes that 0 from an international number where the country dials it.
  static func dropped(from number: ArraySlice<Int>) -> [Int] {
    for length in 2...3 where number.count > length {
      let code = number.prefix(length).reduce(0) { $0 * 10 + $1 }
      let rest = number.dropFirst(length)
      if countryCodes.contains(code), rest.first == 0 { return Array(number.prefix(length) + rest.dropFirst()) }
    }
    return Array(number)
  }

  /// The countries that dial 0 before the area code and whose own numbers never begin with it (ITU-T E.164, list of
  /// dialling procedures). Other countries' numbers keep their 0 (Italy 39, San Marino 378, Côte d'Ivoire 225, Benin
  /// 229, Gabon 241, Congo 242).
  private static let countryCodes: Set<Int> = [
    20, 27, 31, 32, 33, 40, 41, 43, 44, 46, 49, 51, 54, 55, 57, 58, 60, 61, 62, 63, 64, 66, 81, 82, 84, 86, 90, 91, 92,
    93,
    94, 95, 98, 212, 213, 218, 231, 233, 234, 249, 251, 254, 255, 256, 260, 263, 264, 265, 353, 355, 358, 359, 373, 374,
    380, 381, 382, 383, 385, 386, 387, 389, 421, 855, 856, 880, 886, 961, 962, 963, 964, 966, 967, 970, 971, 972, 976,
    977,
    994, 995, 996,
  ]
}
