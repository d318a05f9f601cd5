/// The user agent of a connection's latest request: clients send the same one with every call, and making its text anew
/// each time would be most of what a call's metadata costs.
struct UserAgentCache {
  private var value: [UInt8] = []
  private var metadata = Metadata()

  /// Metadata of the one field `user-agent`.
  mutating func metadata(_ value: UnsafeRawBufferPointer) -> Metadata {
    if !value.equals(self.value) {
      self.value = Array(value)
      metadata = ["user-agent": .string(String(decoding: value, as: UTF8.self))]
    }
    return metadata
  }
}
