import Basics
public import Foundation

extension FieldChecks {
  /// The request id of a mutation: a UUID of version 7 that is not dated further ahead than clocks may be, nor before all
  /// requests whose answers are kept (`REQUEST_TOO_OLD`).
  ///
  /// Every service checks it before it does anything, so a request that names one service's mutation is refused by all
  /// of the services that it would reach, or by none. Capitals are the same id.
  public mutating func requestID(_ text: String, _ times: RequestTimes, field: String = "request_id") -> UUID {
    let id = uuidV7(field, text)
    if id != .zero, id.mintedAtUnixMicroseconds > times.latest {
      refuse(field, reason: .requestIDInFuture, "give an id that is not dated in the future")
    }
    if id != .zero, id.mintedAtUnixMicroseconds < times.oldestRequest { refuseAll(.requestTooOld) }
    return id
  }

  /// Any UUID but the one of zeros, in the usual form of 36 characters.
  public mutating func uuid(_ field: String, _ text: String) -> UUID {
    guard !text.isEmpty else { return missing(field) }
    guard let id = UUID(text: text) else {
      refuse(field, reason: .notUUID, "give a UUID such as 0190a5b0-7c1e-7000-8000-0123456789ab")
      return .zero
    }
    check(id != .zero, field, reason: .nilUUID, "give an id; the one of zeros stands for none")
    return id
  }

  /// A UUID of version 7 (RFC 9562 section 5.7).
  public mutating func uuidV7(_ field: String, _ text: String) -> UUID {
    guard !text.isEmpty else { return missing(field) }
    guard let id = UUID(text: text), id.version == 7, id.uuid.8 >> 6 == 0b10 else {
      refuse(field, reason: .notUUIDv7, "give a UUID of version 7 such as 0190a5b0-7c1e-7000-8000-0123456789ab")
      return .zero
    }
    return id
  }

  /// Any UUID but the one of zeros, or nil when the field is empty.
  public mutating func optionalUUID(_ field: String, _ text: String) -> UUID? {
    text.isEmpty ? nil : uuid(field, text)
  }

  private mutating func missing(_ field: String) -> UUID {
    refuse(field, reason: .required, "fill this field in")
    return .zero
  }
}
