/// The outcome of a call, as numbered by gRPC (doc/statuscodes.md).
///
/// An open set: a number this runtime does not know is kept as it came.
public struct StatusCode: RawRepresentable, Sendable, Hashable {
  /// The number on the wire (`grpc-status`).
  public var rawValue: Int

  /// Wraps any number, known or not.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The call succeeded.
  public static let ok = StatusCode(rawValue: 0)
  /// The caller gave the call up.
  public static let cancelled = StatusCode(rawValue: 1)
  /// The cause is not known, or may not be told.
  public static let unknown = StatusCode(rawValue: 2)
  /// The request is wrong whatever the state of the system.
  public static let invalidArgument = StatusCode(rawValue: 3)
  /// Time ran out before the answer; the effect may or may not have taken place.
  public static let deadlineExceeded = StatusCode(rawValue: 4)
  /// What was asked for does not exist.
  public static let notFound = StatusCode(rawValue: 5)
  /// What was to be created is there already.
  public static let alreadyExists = StatusCode(rawValue: 6)
  /// The caller is known but may not do this.
  public static let permissionDenied = StatusCode(rawValue: 7)
  /// A quota or limit is used up.
  public static let resourceExhausted = StatusCode(rawValue: 8)
  /// The system is not in the state the call needs; retrying alone does not help.
  public static let failedPrecondition = StatusCode(rawValue: 9)
  /// A conflict with another call; the caller may start over.
  public static let aborted = StatusCode(rawValue: 10)
  /// Past the end of what is valid now.
  public static let outOfRange = StatusCode(rawValue: 11)
  /// The method does not exist here.
  public static let unimplemented = StatusCode(rawValue: 12)
  /// Something that must hold does not.
  public static let internalError = StatusCode(rawValue: 13)
  /// Not reachable now; the call may be tried again.
  public static let unavailable = StatusCode(rawValue: 14)
  /// Data is lost or corrupt.
  public static let dataLoss = StatusCode(rawValue: 15)
  /// The caller is not known.
  public static let unauthenticated = StatusCode(rawValue: 16)
}

extension StatusCode: CustomStringConvertible {
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// How many codes gRPC defines; their numbers are `0..<definedCount`.
  static let definedCount = names.count

  /// The name gRPC uses in metrics and logs, such as `NOT_FOUND`; `CODE_<number>` for one it does not define.
  public var description: String {
    Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "CODE_\(rawValue)"
  }
}
