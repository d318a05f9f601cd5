/// What a kind of identifier may look like.
///
/// All identifiers have one normal form, and only that is taken, where they are written and where they are looked up
/// alike: composed letters (Unicode's NFC), no blanks before or after, none inside but single ordinary spaces, and
/// nothing that cannot be seen. So two identifiers that look the same are the same. Letters of either case differ.
public struct IdentifierForm: Sendable, Hashable {
  /// The most characters (Unicode scalars).
  public let charactersMaximum: Int
  /// Whether ordinary spaces may stand inside.
  public let hasSpaces: Bool

  init(_ charactersMaximum: Int, hasSpaces: Bool = true) {
    self.charactersMaximum = charactersMaximum
    self.hasSpaces = hasSpaces
  }

  /// A store, as the chain numbers it.
  public static let store = IdentifierForm(64)
  /// A till, as the chain numbers it.
  public static let till = IdentifierForm(64)
  /// A receipt, unique within its store.
  public static let receipt = IdentifierForm(64)
  /// A product, as the chain numbers it.
  public static let product = IdentifierForm(64)
  /// Somebody who works for the chain.
  public static let staff = IdentifierForm(64)
  /// Who handles feedback.
  public static let assignee = IdentifierForm(100)
  /// A kind of coupon, as the chain calls it.
  public static let templateCode = IdentifierForm(64)
  /// One of the chain's own fields of a member.
  public static let attributeKey = IdentifierForm(64)
  /// The number on a member's card.
  public static let card = IdentifierForm(64, hasSpaces: false)
  /// A member's openid in the chain's WeChat mini program.
  public static let wechatOpenid = IdentifierForm(128, hasSpaces: false)
  /// Another system that knows members.
  public static let externalSource = IdentifierForm(40, hasSpaces: false)
  /// A member's number in another system.
  public static let externalID = IdentifierForm(128, hasSpaces: false)
}

extension IdentifierForm {
  /// Whether `text` is in order at a glance: short, and printable ASCII without spaces, as nearly all are.
  func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8
    return 1...charactersMaximum ~= bytes.count && bytes.allSatisfy { (0x21..<0x7F).contains($0) }
  }

  /// What is to be changed of `text`, which is not empty; nil if it is in the normal form.
  func fault(of text: String) -> String? {
    let scalars = text.unicodeScalars
    if let hidden = scalars.first(where: { $0.isInvisible }) {
      return "leave out characters that cannot be seen, such as \(hidden.codePoint)"
    }
    if let blank = scalars.first(where: { $0.isBlank && $0 != " " }) {
      return "leave out blanks other than the ordinary space, such as \(blank.codePoint)"
    }
    if scalars.first == " " || scalars.last == " " { return "leave out the spaces before and after" }
    if !hasSpaces, scalars.contains(" ") { return "leave out the spaces" }
    if text.contains("  ") { return "put no more than one space between two characters" }
    return text.isComposed ? nil : "give letters with their accents as one character (Unicode's form NFC)"
  }
}
