/// A member's number in another system.
struct ExternalId: Sendable, Hashable {
  /// The other system, such as "erp".
  let source: String
  /// The member's number there.
  let value: String

  /// The longest name of a system, in characters.
  static let sourceCharactersMaximum = 40
  /// The most numbers of one member, one per system.
  static let countMaximum = 10

  /// Refuses a name of a system that is not 1 to 40 characters of a-z, 0-9, "-" and "_".
  static func check(source: String) throws(InvalidValue) {
    let isFine = source.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isFine, 1...sourceCharactersMaximum ~= source.utf8.count else {
      throw InvalidValue(
        .identifierInvalid,
        "name the other system in 1 to \(sourceCharactersMaximum) characters of a-z, 0-9, - and _"
      )
    }
  }
}
