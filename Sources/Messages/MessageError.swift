/// Why a message could not be decoded or encoded.
///
/// The description never holds a value from the message, so it may be logged and sent to a peer.
public struct MessageError: Error, Hashable, Sendable {
  /// The kinds of failure.
  public enum Kind: Hashable, Sendable {
    /// The bytes are not the wire format of the type.
    case malformed
    /// A string field holds bytes that are not UTF-8.
    case invalidUTF8
    /// Messages are nested deeper than the limit.
    case tooDeep
    /// More memory is needed than the budget allows.
    case tooLarge
  }

  /// What went wrong.
  public let kind: Kind

  /// The full proto name of the message type or of the field at fault, such as `patron.members.v1.Member.name`.
  public let subject: String

  /// Makes an error about a message type or a field.
  ///
  /// - Parameters:
  ///   - kind: What went wrong.
  ///   - subject: The full proto name of the type or field at fault.
  public init(_ kind: Kind, _ subject: String) {
    self.kind = kind
    self.subject = subject
  }
}

extension MessageError: CustomStringConvertible {
  /// One sentence for a log or a status message.
  public var description: String {
    switch kind {
    case .malformed: "\(subject): the bytes are not a valid message"
    case .invalidUTF8: "\(subject): the text is not UTF-8"
    case .tooDeep: "\(subject): messages are nested too deeply"
    case .tooLarge: "\(subject): the message needs more memory than is allowed"
    }
  }
}
