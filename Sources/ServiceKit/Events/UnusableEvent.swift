import Messages
import Postgres

/// An event that cannot be applied as it is, however often it is tried. Thrown by what applies events; the event is set
/// aside then.
public struct UnusableEvent: Error, Sendable, Hashable {
  /// What is wrong, for the log and the operator; holds no personal data.
  public let reason: String

  /// - Parameter reason: What is wrong, such as "order.member_id is not a UUID".
  public init(_ reason: String) {
    self.reason = reason
  }

  static let unknownKind = UnusableEvent("this version does not know its kind; a newer one will")
}

extension UnusableEvent {
  /// Takes an error that will be the same however often the events are tried; nil for one that time may cure, such as a
  /// lost connection, a collision, a time limit, a full disk, or a statement that is wrong for all events.
  init?(_ error: any Error) {
    switch error {
    case let error as UnusableEvent: self = error
    case is MessageError: self.init(ErrorText.of(error))
    case let error as PostgresError where Self.isLasting(error): self.init(ErrorText.of(error))
    default: return nil
    }
  }

  /// Values that do not fit (SQLSTATE class 22), broken constraints (class 23), rows that are not what is expected.
  private static func isLasting(_ error: PostgresError) -> Bool {
    switch error.kind {
    case .server: error.sqlState.map { $0.errorClass == "22" || $0.errorClass == "23" } ?? false
    case .decoding: true
    default: false
    }
  }
}
