#if DEBUG || FUZZING
  import Messages
  import TestAPI

  /// Checks that parsed JSON can be written, and is the same when parsed again.
  func fuzzJSON(_ input: [UInt8]) {
    typealias All = ProtobufTestMessagesProto3.TestAllTypesProto3
    for options in [JSONDecodingOptions.defaults, JSONDecodingOptions(ignoresUnknownFields: true)] {
      guard let message = try? All(jsonBytes: input, options: options) else { continue }
      do {
        let text = try message.jsonBytes()
        let again = try All(jsonBytes: text)
        let textAgain = try again.jsonBytes()
        precondition(textAgain == text, "a message changes when it is written as JSON and read")
      } catch {
        preconditionFailure("a message that was read from JSON cannot be written: \(error)")
      }
    }
    // A decoded message has a JSON form or is refused. Neither stops the process.
    if let message = try? All(serializedBytes: input) { _ = try? message.jsonBytes() }
  }
#endif
