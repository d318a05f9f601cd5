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
        reason: "OUT_OF_RANGE",
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
      reason: count < range.lowerBound ? "TOO_FEW" : "TOO_MANY",
      "give \(range.lowerBound) to \(range.upperBound) of them, not \(count)"
    )
  }

  /// A message field, or a `oneof`, that must be there.
  public mutating func required<Value>(_ field: String, _ value: Value?) -> Value? {
    if value == nil { refuse(field, reason: "REQUIRED", "fill this field in") }
    return value
  }

  /// The number of an enum value; 0 means that none was given.
  public mutating func choice(_ field: String, _ rawValue: Int32, among allowed: some Collection<Int32>) -> Int32 {
    if rawValue == 0, !allowed.contains(0) {
      refuse(field, reason: "REQUIRED", "choose one of the defined values")
    } else if !allowed.contains(rawValue) {
      refuse(field, reason: "UNKNOWN_VALUE", "choose one of the defined values, not \(rawValue)")
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
    check(Currencies.contains(code), field, reason: "NOT_CURRENCY_CODE", sentence)
    return code
  }

  /// The paths of a field mask: at least one, each of them allowed, spelled as in the proto files.
  public mutating func mask(_ field: String, _ paths: [String]?, allowed: Set<String>) -> Set<String> {
    let paths = Set(paths ?? [])
    check(!paths.isEmpty, field, reason: "REQUIRED", "name the fields to change")
    let known = allowed.sorted().joined(separator: ", ")
    for path in paths.subtracting(allowed).sorted() {
      let meant = allowed.first { $0.replacing("_", with: "") == path.prefix(64).lowercased() }
      let sentence =
        if let meant {
          "write \(meant), as the proto file spells it, not \(path.quoted); only JSON writes it in camelCase"
        } else {
          "\(path.quoted) cannot be changed; these can: \(known)"
        }
      refuse(field, reason: "UNKNOWN_PATH", sentence)
    }
    return paths.intersection(allowed)
  }

  /// How many entries a page may have: 0 for the default; more than the most there are on a page is cut to that.
  public mutating func pageSize(_ size: Int32) {
    check(size >= 0, "page_size", reason: "OUT_OF_RANGE", "give a number of entries, or 0 for the default")
  }
}
