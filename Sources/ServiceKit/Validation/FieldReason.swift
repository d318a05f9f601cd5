public import RPC

/// Why a field is refused: the stable name of a rule, in UPPER_SNAKE_CASE. Once published a name never changes.
public protocol FieldRefusalReason: RawRepresentable<String>, Sendable {}

/// The rules that fields of several services follow.
public enum CommonFieldReason: String, FieldRefusalReason, CaseIterable {
  /// A field that must be filled in is not.
  case required = "REQUIRED"
  /// A text says nothing: it has only white space, or nothing that can be seen.
  case blank = "BLANK"
  /// A text has too few characters.
  case tooShort = "TOO_SHORT"
  /// A text has too many characters.
  case tooLong = "TOO_LONG"
  /// A text has control characters.
  case controlCharacter = "CONTROL_CHARACTER"
  /// A name has characters that turn the text around.
  case bidirectionalControl = "BIDIRECTIONAL_CONTROL"
  /// An identifier is not in its normal form.
  case identifierInvalid = "IDENTIFIER_INVALID"
  /// A text is no UUID.
  case notUUID = "NOT_UUID"
  /// A text is no UUID of version 7.
  case notUUIDv7 = "NOT_UUIDV7"
  /// An id is the one of zeros, which stands for none.
  case nilUUID = "NIL_UUID"
  /// A request id is dated in the future.
  case requestIDInFuture = "REQUEST_ID_IN_FUTURE"
  /// A number is not in its range.
  case outOfRange = "OUT_OF_RANGE"
  /// A sum is larger than may be.
  case tooLarge = "TOO_LARGE"
  /// A list has too few elements.
  case tooFew = "TOO_FEW"
  /// A list has too many elements.
  case tooMany = "TOO_MANY"
  /// Two elements of a list are of the same thing.
  case duplicate = "DUPLICATE"
  /// A thing is named twice.
  case repeated = "REPEATED"
  /// A value is none of those that are defined.
  case unknownValue = "UNKNOWN_VALUE"
  /// A field mask names a field that cannot be changed.
  case unknownPath = "UNKNOWN_PATH"
  /// A text is no code of a currency in use.
  case notCurrencyCode = "NOT_CURRENCY_CODE"
  /// An amount is in another currency than the others, or than the programme.
  case currencyMismatch = "CURRENCY_MISMATCH"
  /// A moment is not one of the years 1 to 9999.
  case notTimestamp = "NOT_TIMESTAMP"
  /// A span of time has parts that do not fit together.
  case notDuration = "NOT_DURATION"
  /// A moment is in the future.
  case inFuture = "IN_FUTURE"
  /// A moment is too long ago.
  case tooOld = "TOO_OLD"
}

extension RPCError {
  /// Makes the `INVALID_ARGUMENT` that refuses one field.
  ///
  /// - Parameters:
  ///   - field: Its path in the request.
  ///   - reason: The rule that it breaks.
  ///   - domain: The `ErrorInfo.domain` of the refusal.
  ///   - sentence: What is wrong with it.
  ///   - facts: Further `ErrorInfo.metadata`, such as how far off the field is.
  public static func refusing(
    _ field: String,
    reason: some FieldRefusalReason,
    domain: String,
    _ sentence: String,
    _ facts: [String: String] = [:]
  ) -> RPCError {
    let info = ErrorInfo(
      reason: reason.rawValue,
      domain: domain,
      metadata: facts.merging(["field": field]) { $1 }
    )
    let violation = BadRequest.FieldViolation(field: field, description: sentence, reason: reason.rawValue)
    return RPCError(
      code: .invalidArgument,
      message: "\(field): \(sentence)",
      details: [.errorInfo(info), .badRequest(BadRequest(fieldViolations: [violation]))]
    )
  }
}
