internal import Messages
internal import PatronAPI
internal import RPC

extension ClientChannel {
  /// Makes a call and returns the answer as it came. A message type without fields keeps all that it is sent unread.
  func bytes(
    _ method: MethodDescriptor,
    _ request: some Message,
    _ options: CallOptions
  ) async throws -> [UInt8] {
    let unread: LoyaltyV1.GetProgrammeRequest = try await unary(method, request, options: options)
    return try unread.serializedBytes()
  }
}
