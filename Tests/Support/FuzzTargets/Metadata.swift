#if DEBUG || FUZZING
  @testable import RPC

  /// Checks lines of `name: value`. Accepted fields can be sent again where the wire allows it, and arrive unchanged.
  func fuzzMetadata(_ input: [UInt8]) {
    var metadata = Metadata()
    for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      let name = Array(parts[0])
      let value = parts.count > 1 ? Array(parts[1]) : []
      name.withUnsafeBytes { name in
        value.withUnsafeBytes { value in _ = metadata.addReceived(name: name, value: value) }
      }
    }
    for field in metadata where field.isSendable {
      guard case .binary(let bytes) = field.value else { continue }
      let text = BinaryMetadata.encode(bytes)
      let decoded = text.withUnsafeBytes { BinaryMetadata.decode($0) }
      precondition(decoded == bytes, "bytes change when they are written as base64 and read")
    }
  }
#endif
