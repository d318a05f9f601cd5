// The two messages of grpc.health.v1 that a channel uses, hand-written because the runtime depends on no generated
// code.

/// `grpc.health.v1.HealthCheckResponse.ServingStatus`, an open set.
struct ServingStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  var rawValue: UInt64

  static let serving = ServingStatus(rawValue: 1)

  private static let names = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]

  var description: String {
    Self.names.indices.contains(Int(clamping: rawValue)) ? Self.names[Int(rawValue)] : "\(rawValue)"
  }
}

extension ServingStatus {
  /// Parses `HealthCheckResponse { ServingStatus status = 1; }`. Missing means UNKNOWN, and the last of several wins.
  init(response: [UInt8]) throws(WireReader.Malformed) {
    self.init(rawValue: 0)
    var reader = WireReader(response[...])
    while let field = try reader.next() {
      if case .integer(1, let number) = field { rawValue = number }
    }
  }
}

/// Encodes `HealthCheckRequest { string service = 1; }`.
enum HealthRequest {
  static func bytes(service: String) -> [UInt8] {
    var writer = WireWriter()
    writer.string(1, service)
    return writer.bytes
  }
}
