/// What is fuzzed: each case takes bytes that an attacker could send, and stops the process when one of the properties of
/// the code that reads them does not hold. `make fuzz` searches for such bytes, `FuzzTests` tries all that were kept.
///
/// The targets look into the runtime, so a release build has them only for fuzzing (`-DFUZZING -enable-testing`).
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// What a server's connection reads after the client's preface: frames, in pieces of any size.
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

  #if DEBUG || FUZZING
    /// Tries one input.
    public func run(_ input: [UInt8]) {
      switch self {
      case .frames: fuzzFrames(input)
      case .messages: fuzzMessages(input)
      case .json: fuzzJSON(input)
      case .metadata: fuzzMetadata(input)
      case .status: fuzzStatus(input)
      case .timeouts: fuzzTimeouts(input)
      }
    }
  #endif
}
