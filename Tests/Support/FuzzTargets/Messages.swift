#if DEBUG || FUZZING
  import Messages
  import TestAPI

  /// Checks that a decoded message can be encoded, and is the same when decoded again.
  func fuzzMessages(_ input: [UInt8]) {
    roundTrip(ProtobufTestMessagesProto3.TestAllTypesProto3.self, input)
    roundTrip(TestingV1.ChatRequest.self, input)
  }

  private func roundTrip<M: Message>(_ type: M.Type, _ input: [UInt8]) {
    guard let message = try? M(serializedBytes: input) else { return }
    do {
      let bytes = try message.serializedBytes()
      let again = try M(serializedBytes: bytes)
      // Two values with NaN in them are not equal; their bytes are.
      let bytesAgain = try again.serializedBytes()
      precondition(bytesAgain == bytes, "a message changes when it is written and read")
    } catch {
      preconditionFailure("a message that was read cannot be written: \(error)")
    }
  }
#endif
