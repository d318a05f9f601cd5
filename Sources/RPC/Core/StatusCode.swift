/// The status of a call in gRPC's numbering (doc/statuscodes.md).
///
/// An open set: an unknown number stays as it is.
public struct StatusCode: RawRepresentable, Sendable, Hashable {
  /// The number on the wire (`grpc-status`).
  public var rawValue: Int

  /// Makes a code from any number, known or not.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The call succeeded.
  public static let ok = StatusCode(rawValue: 0)
  /// The caller cancelled the call.
  public static let cancelled = StatusCode(rawValue: 1)
  /// The cause is unknown or confidential.
  public static let unknown = StatusCode(rawValue: 2)
  /// The request is invalid in any state of the system.
  public static let invalidArgument = StatusCode(rawValue: 3)
  /// The deadline passed before the answer. The effect may or may not have taken place.
  public static let deadlineExceeded = StatusCode(rawValue: 4)
  /// The requested entity does not exist.
  public static let notFound = StatusCode(rawValue: 5)
  /// The entity to create already exists.
  public static let alreadyExists = StatusCode(rawValue: 6)
  /// The caller is known but not authorised.
  public static let permissionDenied = StatusCode(rawValue: 7)
  /// A quota or limit is exhausted.
  public static let resourceExhausted = StatusCode(rawValue: 8)
  /// The system is not in the state that the call requires. Retrying alone does not help.
  public static let failedPrecondition = StatusCode(rawValue: 9)
  /// A conflict with another call. The caller may start over.
  public static let aborted = StatusCode(rawValue: 10)
  /// Past the end of the valid range.
  public static let outOfRange = StatusCode(rawValue: 11)
  /// The method does not exist here.
  public static let unimplemented = StatusCode(rawValue: 12)
  /// An invariant does not hold.
  public static let internalError = StatusCode(rawValue: 13)
  /// Temporarily unreachable. The call may be repeated.
  public static let unavailable = StatusCode(rawValue: 14)
  /// Data is lost or corrupt.
  public static let dataLoss = StatusCode(rawValue: 15)
  /// The caller is not authenticated.
  public static let unauthenticated = StatusCode(rawValue: 16)
}

extension StatusCode: CustomStringConvertible {
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// The number of codes that gRPC defines, `0..<definedCount`.
  static let definedCount = names.count

  /// The name in metrics and logs, such as `NOT_FOUND`, or `CODE_<number>` for an undefined code.
  public var description: String {
    Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "CODE_\(rawValue)"
  }
}
