/// Who makes a call: the chain of programs it came through.
///
/// For now a name that the caller gives itself in the metadata `patron-caller`, believed because nothing but the
/// services is on their network. Tokens and client certificates will fill the same value.
public struct CallerIdentity: Sendable, Hashable {
  /// The metadata field: names separated by commas, the origin first, the direct caller last.
  public static let metadataKey = "patron-caller"
  /// The longest chain that is believed. Eight: far more than the services are deep.
  static let hopsMaximum = 8
  /// The longest name, in characters.
  static let nameLengthMaximum = 64

  /// The programs, the origin first, the direct caller last; never empty.
  public let chain: [String]

  /// The program that made this call.
  public var service: String { chain[chain.count - 1] }
  /// The program that made the first call of the chain.
  public var origin: String { chain[0] }

  /// A caller with this name, at the end of the chain that led to it.
  public init(service: String, after earlier: CallerIdentity? = nil) {
    chain = Array(((earlier?.chain ?? []) + [service]).suffix(Self.hopsMaximum))
  }

  /// Reads the metadata field; nil when it is not a list of names of letters, digits, dots, dashes and underscores.
  public init?(metadataValue: String) {
    let names = metadataValue.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.isEmpty, names.count <= Self.hopsMaximum, names.allSatisfy(Self.isName) else { return nil }
    chain = names
  }

  /// The value of the metadata field.
  public var metadataValue: String { chain.joined(separator: ",") }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= nameLengthMaximum
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
