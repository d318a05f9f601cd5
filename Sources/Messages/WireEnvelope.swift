import CProtobufC

/// A field that carries another one through protobuf-c, which would lose it: a group, or a known field of an undeclared
/// wire type. Both count as unknown and must be encoded again with the message.
///
/// ``WireNormalizer`` wraps such fields and ``UnknownFields`` unwraps them. No proto file may use the number. A
/// received field with this number is wrapped too, so that only own envelopes are ever opened.
enum WireEnvelope {
  /// The last number reserved for implementations in the language guide of protocol buffers.
  static let number: UInt32 = 19_999
  static let wireType: UInt8 = 2

  /// The wire types of protobuf-c's field types, three bits each, type 0 in the last digit.
  private static let wireTypes: UInt64 = 0o22200151050100500

  /// Whether protobuf-c would lose a field.
  ///
  /// - Parameters:
  ///   - tag: The field's tag.
  ///   - field: The field's declaration, nil when it is unknown.
  @inline(__always)
  static func isNeeded(for tag: WireReader.Tag, field: UnsafePointer<ProtobufCFieldDescriptor>?) -> Bool {
    guard let field else { return tag.wireType == 3 || tag.number == number }
    let declared = UInt8(truncatingIfNeeded: wireTypes >> (3 * UInt64(field.pointee.type.rawValue)) & 7)
    if tag.wireType == declared { return false }
    return tag.wireType != 2 || field.pointee.label != PROTOBUF_C_LABEL_REPEATED
  }
}
