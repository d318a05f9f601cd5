/// `google.protobuf.FieldMask` as text: paths in lowerCamelCase, separated by commas.
enum FieldMaskText {
  /// Joins `paths`. Returns nil when parsing the text would not give the same paths.
  static func encode(_ paths: [String]) -> String? {
    var texts: [String] = []
    for path in paths {
      guard let text = lowerCamelCase(path) else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: ",")
  }

  /// Splits `text` into paths. Returns nil when a path is empty or has characters that no path has.
  static func decode(_ text: String) -> [String]? {
    if text.isEmpty { return [] }
    var paths: [String] = []
    for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let path = snakeCase(part) else { return nil }
      paths.append(path)
    }
    return paths
  }

  private static func lowerCamelCase(_ path: String) -> String? {
    var text = ""
    var followsUnderscore = false
    for scalar in path.unicodeScalars {
      switch scalar {
      case "_":
        guard !followsUnderscore else { return nil }
        followsUnderscore = true
      case "a"..."z":
        text += followsUnderscore ? scalar.properties.uppercaseMapping : String(scalar)
        followsUnderscore = false
      case "0"..."9", ".":
        guard !followsUnderscore else { return nil }
        text.unicodeScalars.append(scalar)
      default:
        return nil
      }
    }
    return followsUnderscore || text.isEmpty ? nil : text
  }

  private static func snakeCase(_ text: some Collection<UInt8>) -> String? {
    var path: [UInt8] = []
    for byte in text {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): path += [UInt8(ascii: "_"), byte + 32]
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
        path.append(byte)
      default: return nil
      }
    }
    return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
  }
}
