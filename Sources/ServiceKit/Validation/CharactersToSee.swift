import Foundation

extension Unicode.Scalar {
  /// Whether nothing is seen of it and it takes no room: controls and line breaks, format and bidirectional controls,
  /// fillers, variation selectors, and what is no character.
  var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
    }
  }

  /// Whether it is only room: a space of any width, or the Braille pattern without dots.
  var isBlank: Bool { properties.generalCategory == .spaceSeparator || self == "\u{2800}" }

  /// Whether it turns the direction of the text that follows.
  var isBidirectionalControl: Bool { properties.isBidiControl }

  /// Its number as Unicode writes it: "U+200B".
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension String {
  /// Whether its letters are composed with their accents: Unicode's normal form NFC.
  var isComposed: Bool { unicodeScalars.elementsEqual(precomposedStringWithCanonicalMapping.unicodeScalars) }

  /// Whether there is nothing to be seen in it.
  var isBlank: Bool { unicodeScalars.allSatisfy { $0.isInvisible || $0.isBlank } }

  /// The text as it may be repeated to whoever sent it: at most 64 characters, what cannot be seen as its number.
  public var quoted: String {
    var text = ""
    for scalar in unicodeScalars.prefix(64) {
      if scalar.isInvisible || scalar.isBlank && scalar != " " {
        text += "<\(scalar.codePoint)>"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return unicodeScalars.count > 64 ? text + "…" : text
  }

  /// Whether the two name the same to people: letters of either case and of either width are the same.
  public func isSameToPeople(as other: String) -> Bool {
    precomposedStringWithCompatibilityMapping.lowercased()
      == other.precomposedStringWithCompatibilityMapping.lowercased()
  }
}
