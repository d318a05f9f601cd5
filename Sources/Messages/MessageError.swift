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
    /// The text is not JSON as RFC 8259 defines it.
    case malformedJSON
    /// The field cannot have this JSON value: it is of another kind, out of range or in the wrong notation.
    case unexpectedValue
    /// The type has no field of this name.
    case unknownField
    /// A field, a map key, or a oneof is given twice.
    case duplicateField
    /// The type is not among the known ones.
    case unknownType
    /// The value has no JSON form, such as a timestamp after the year 9999.
    case notRepresentable
  }

  /// What went wrong.
  public let kind: Kind

  /// The full proto name of the message type or of the field at fault, such as `patron.members.v1.Member.name`.
  ///
  /// For JSON it is the path to the value instead, such as `$.lines[2].quantity`. Map entries are counted like list
  /// elements, because their keys are values.
  public let subject: String

  /// Makes an error about a message type or a field.
  ///
  /// - Parameters:
  ///   - kind: What went wrong.
  ///   - subject: The full proto name of the type or field at fault, or the path to it in JSON.
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
    case .malformedJSON: "\(subject): the text is not valid JSON"
    case .unexpectedValue: "\(subject): the value is not one the field can have"
    case .unknownField: "\(subject): there is no field of this name"
    case .duplicateField: "\(subject): the field, or another one that excludes it, is given already"
    case .unknownType: "\(subject): the message type is not known"
    case .notRepresentable: "\(subject): the value has no JSON form"
    }
  }
}
