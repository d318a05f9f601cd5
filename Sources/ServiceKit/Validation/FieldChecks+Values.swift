public import Messages

extension FieldChecks {
  /// A whole number in a range.
  public mutating func number<Number: BinaryInteger>(
    _ field: String,
    _ value: Number,
    _ range: ClosedRange<Number>
  ) -> Number {
    guard range.contains(value) else {
      refuse(
        field,
        reason: .outOfRange,
        "give a number from \(range.lowerBound) to \(range.upperBound), not \(value)"
      )
      return range.lowerBound
    }
    return value
  }

  /// The number of elements of a repeated field.
  public mutating func count(_ field: String, _ count: Int, _ range: ClosedRange<Int>) {
    check(
      range.contains(count),
      field,
      reason: count < range.lowerBound ? .tooFew : .tooMany,
      "give \(range.lowerBound) to \(range.upperBound) of them, not \(count)"
    )
  }

  /// A message field, or a `oneof`, that must be there.
  public mutating func required<Value>(_ field: String, _ value: Value?) -> Value? {
    if value == nil { refuse(field, reason: .required, "fill this field in") }
    return value
  }

  /// The number of an enum value; 0 means that none was given.
  public mutating func choice(_ field: String, _ rawValue: Int32, among allowed: some Collection<Int32>) -> Int32 {
    if rawValue == 0, !allowed.contains(0) {
      refuse(field, reason: .required, "choose one of the defined values")
    } else if !allowed.contains(rawValue) {
      refuse(field, reason: .unknownValue, "choose one of the defined values, not \(rawValue)")
    }
    return rawValue
  }

  /// A value of an enum that this version knows.
  ///
  /// - Parameter optional: Whether the caller may leave it out, which is the value 0.
  public mutating func choice<Value: OpenEnum>(_ field: String, _ value: Value, optional: Bool = false) {
    let known = Value.allKnownValues.map(\.rawValue)
    _ = choice(field, value.rawValue, among: optional ? known : known.filter { $0 != 0 })
  }

  /// The code of a currency that is in use, as ISO 4217 lists them.
  public mutating func currency(_ field: String, _ code: String) -> String {
    let sentence = "give the ISO 4217 code of a currency in use, three capital letters such as CNY"
    check(Currencies.contains(code), field, reason: .notCurrencyCode, sentence)
    return code
  }

  /// The paths of a field mask: at least one, each of them allowed, spelled as in the proto files.
  public mutating func mask(_ field: String, _ paths: [String]?, allowed: Set<String>) -> Set<String> {
    let paths = Set(paths ?? [])
    check(!paths.isEmpty, field, reason: .required, "name the fields to change")
    let known = allowed.sorted().joined(separator: ", ")
    for path in paths.subtracting(allowed).sorted() {
      let meant = allowed.first { $0.replacing("_", with: "") == path.prefix(64).lowercased() }
      let sentence =
        if let meant {
          "write \(meant), as the proto file spells it, not \(path.quoted); only JSON writes it in camelCase"
        } else {
          "\(path.quoted) cannot be changed; these can: \(known)"
        }
      refuse(field, reason: .unknownPath, sentence)
    }
    return paths.intersection(allowed)
  }

  /// How many entries a page may have: 0 for the default; more than the most there are on a page is cut to that.
  public mutating func pageSize(_ size: Int32) {
    check(size >= 0, "page_size", reason: .outOfRange, "give a number of entries, or 0 for the default")
  }
}

/// The currencies that people pay with.
public enum Currencies {
  /// Whether `code` is that of a currency in use.
  public static func contains(_ code: String) -> Bool { codes.contains(code) }

  /// The alphabetic codes of ISO 4217, list one of 2025, without metals, funds, units of account and codes for testing.
  private static let codes: Set<String> = Set(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split(whereSeparator: \.isWhitespace).map(String.init)
  )
}
