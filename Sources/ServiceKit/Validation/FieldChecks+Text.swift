import Foundation

extension FieldChecks {
  /// A text whose number of characters (Unicode scalars, as PostgreSQL's `char_length` counts) is in a range, without
  /// control characters other than line breaks and tabs.
  public mutating func text(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> String {
    guard hasLength(field, text, length) else { return text }
    if text.unicodeScalars.contains(where: Self.isControl) {
      refuse(field, reason: .controlCharacter, "leave control characters out")
    }
    return text
  }

  /// A text that says something: more than blanks.
  public mutating func words(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> String {
    let words = self.text(field, text, length)
    if !words.isEmpty, words.unicodeScalars.allSatisfy(\.isBlankOrHidden) {
      refuse(field, reason: .blank, "give more than white space")
    }
    return words
  }

  /// A name that people read, on one line: in composed letters (Unicode's NFC), without blanks before and after, and
  /// neither blank nor turned around by bidirectional controls.
  ///
  /// - Returns: The name in that form, which is what to keep.
  public mutating func name(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> String {
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    if name.isEmpty, !text.isEmpty || length.lowerBound > 0 {
      refuse(field, reason: text.isEmpty ? .required : .blank, "give more than white space")
      return name
    }
    guard !name.isEmpty, hasLength(field, name, length) else { return name }
    if name.unicodeScalars.allSatisfy(\.isBlankOrHidden) {
      refuse(field, reason: .blank, "give something that can be seen")
    } else if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      refuse(field, reason: .controlCharacter, "leave line breaks and control characters out")
    } else if let control = name.unicodeScalars.first(where: \.isBidirectionalControl) {
      refuse(
        field,
        reason: .bidirectionalControl,
        "leave out what turns the text around, such as \(control.codePoint)"
      )
    }
    return name
  }

  /// An identifier in its normal form; another is refused, so that what is looked up is what was written.
  ///
  /// - Parameter optional: Whether the caller may leave it out, which is the empty text.
  public mutating func identifier(
    _ field: String,
    _ text: String,
    _ form: IdentifierForm,
    optional: Bool = false
  ) -> String {
    if form.isPlain(text) || optional && text.isEmpty { return text }
    guard hasLength(field, text, 1...form.charactersMaximum) else { return text }
    if let fault = form.fault(of: text) { refuse(field, reason: .identifierInvalid, fault) }
    return text
  }

  /// The chain's own fields of a member. A path never holds a key: it would be repeated wherever errors are written.
  public mutating func attributes(_ field: String, _ attributes: [String: String]) -> [String: String] {
    count(field, attributes.count, ContractLimits.attributes)
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }).prefix(ContractLimits.attributes.upperBound) {
      _ = identifier("\(field).key", key, .attributeKey)
      _ = text("\(field).value", value, ContractLimits.attributeValue)
    }
    return attributes
  }

  private mutating func hasLength(_ field: String, _ text: String, _ length: ClosedRange<Int>) -> Bool {
    let count = text.unicodeScalars.count
    if count == 0, length.lowerBound > 0 {
      refuse(field, reason: .required, "fill this field in")
    } else if count < length.lowerBound {
      refuse(field, reason: .tooShort, "give at least \(length.lowerBound) characters; these are \(count)")
    } else if count > length.upperBound {
      refuse(field, reason: .tooLong, "give at most \(length.upperBound) characters; these are \(count)")
    } else {
      return true
    }
    return false
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\t", "\r": false
    default: scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isBlankOrHidden: Bool { isBlank || isInvisible }
}
