/// The names that begin with a prefix, as a range in the order of Unicode code points, which is how PostgreSQL compares
/// UTF-8 text under the collation "C". An index on the name answers it.
struct NameRange: Sendable, Hashable {
  /// The first name of the range: the prefix itself.
  let from: String
  /// The first name after the range; nil if there is none.
  let before: String?

  /// `prefix` must not be empty.
  init(prefix: String) {
    from = prefix
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      guard let next = Self.successor(of: last) else { continue }
      var text = String.UnicodeScalarView(scalars)
      text.append(next)
      before = String(text)
      return
    }
    before = nil
  }

  /// The next code point that text can hold: the surrogates are skipped.
  private static func successor(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    Unicode.Scalar(scalar.value == 0xD7FF ? 0xE000 : scalar.value + 1)
  }
}
