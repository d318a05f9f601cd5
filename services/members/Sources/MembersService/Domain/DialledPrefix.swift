/// The 0 that is dialled before the area code within many countries, and that does not belong to a number in E.164 form.
enum DialledPrefix {
  /// An international number without that 0, where its country has one.
  static func dropped(from number: ArraySlice<Int>) -> [Int] {
    for length in 2...3 where number.count > length {
      let code = number.prefix(length).reduce(0) { $0 * 10 + $1 }
      let rest = number.dropFirst(length)
      if countryCodes.contains(code), rest.first == 0 { return Array(number.prefix(length) + rest.dropFirst()) }
    }
    return Array(number)
  }

  /// The countries that dial 0 before the area code and whose own numbers never begin with it (ITU-T E.164, list of
  /// dialling procedures). Where numbers keep their 0 (Italy 39, San Marino 378, Côte d'Ivoire 225, Benin 229, Gabon 241,
  /// Congo 242) it stays.
  private static let countryCodes: Set<Int> = [
    20, 27, 31, 32, 33, 40, 41, 43, 44, 46, 49, 51, 54, 55, 57, 58, 60, 61, 62, 63, 64, 66, 81, 82, 84, 86, 90, 91, 92,
    93,
    94, 95, 98, 212, 213, 218, 231, 233, 234, 249, 251, 254, 255, 256, 260, 263, 264, 265, 353, 355, 358, 359, 373, 374,
    380, 381, 382, 383, 385, 386, 387, 389, 421, 855, 856, 880, 886, 961, 962, 963, 964, 966, 967, 970, 971, 972, 976,
    977,
    994, 995, 996,
  ]
}
