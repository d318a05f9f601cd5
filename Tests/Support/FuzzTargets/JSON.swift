#if DEBUG || FUZZING
  import Messages
  import TestAPI

  /// JSON that can be read can be written, and is the same when it is read again.
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
    // What is read from the wire has a JSON form or is refused; neither stops the process.
    if let message = try? All(serializedBytes: input) { _ = try? message.jsonBytes() }
  }
#endif
