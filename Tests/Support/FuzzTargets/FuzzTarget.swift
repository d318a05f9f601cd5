/// The fuzzed code: each case gets bytes that an attacker could send, and stops the process when a property of the code
/// that reads them does not hold. `make fuzz` searches for such bytes, `FuzzTests` runs all stored ones.
///
/// The targets use internals of the runtime, so a release build has them only for fuzzing (`-DFUZZING
/// -enable-testing`).
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Frames, in pieces of any size, after the client's preface.
  case frames
  /// Binary messages.
  case messages
  /// proto3 JSON.
  case json
  /// Metadata fields, base64 included.
  case metadata
  /// `grpc-status`, `grpc-message` and `grpc-status-details-bin`.
  case status
  /// `grpc-timeout`.
  case timeouts
  /// HTTP/1.1, in pieces of any size.
  case web
  /// The bodies of Connect and gRPC-Web.
  case envelopes

  #if DEBUG || FUZZING
    /// Runs one input.
    public func run(_ input: [UInt8]) {
      switch self {
      case .frames: fuzzFrames(input)
      case .messages: fuzzMessages(input)
      case .json: fuzzJSON(input)
      case .metadata: fuzzMetadata(input)
      case .status: fuzzStatus(input)
      case .timeouts: fuzzTimeouts(input)
      case .web: fuzzWeb(input)
      case .envelopes: fuzzEnvelopes(input)
      }
    }
  #endif
}
