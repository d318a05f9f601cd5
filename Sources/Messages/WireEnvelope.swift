import CProtobufC

/// A field in which another one travels through protobuf-c, which could not keep it: a group, or a known field of another
/// wire type than the one declared. Both count as unknown and must be there again when the message is encoded.
///
/// ``WireNormalizer`` puts such fields into envelopes, ``UnknownFields`` takes them out. The number is one of those that no
/// proto file may use; a field that comes with it is put into an envelope too, so that nothing else is ever opened.
enum WireEnvelope {
  /// The last of the numbers kept for implementations, see the language guide of protocol buffers.
  static let number: UInt32 = 19_999
  static let wireType: UInt8 = 2

  /// The wire types of protobuf-c's field types, three bits each; the type with the number 0 is the last digit.
  private static let wireTypes: UInt64 = 0o22200151050100500

  /// Whether protobuf-c cannot keep a field.
  ///
  /// - Parameters:
  ///   - tag: The field's tag.
  ///   - field: What its type says about it; nil when it is unknown.
  @inline(__always)
  static func isNeeded(for tag: WireReader.Tag, field: UnsafePointer<ProtobufCFieldDescriptor>?) -> Bool {
    guard let field else { return tag.wireType == 3 || tag.number == number }
    let declared = UInt8(truncatingIfNeeded: wireTypes >> (3 * UInt64(field.pointee.type.rawValue)) & 7)
    if tag.wireType == declared { return false }
    return tag.wireType != 2 || field.pointee.label != PROTOBUF_C_LABEL_REPEATED
  }
}
