import Messages
import TestAPI

/// A message with every kind of field.
typealias AllTypes = ProtobufTestMessagesProto3.TestAllTypesProto3

extension Message {
  /// Reads a message from the text of a test.
  init(
    json: String,
    options: JSONDecodingOptions = .defaults,
    types: TypeRegistry? = nil
  ) throws(MessageError) {
    try self.init(jsonBytes: Array(json.utf8), options: options, types: types)
  }

  /// Writes the message as the text that a test expects.
  func json(options: JSONEncodingOptions = .defaults, types: TypeRegistry? = nil) throws(MessageError) -> String {
    String(decoding: try jsonBytes(options: options, types: types), as: UTF8.self)
  }
}
