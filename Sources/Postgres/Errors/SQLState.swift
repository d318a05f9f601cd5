/// PostgreSQL's five-character error code (PostgreSQL manual, appendix A).
public struct SQLState: RawRepresentable, Sendable, Hashable {
  /// The five characters, such as `23505`.
  public var rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  private init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  public static let featureNotSupported = SQLState("0A000")
  public static let numericValueOutOfRange = SQLState("22003")
  public static let invalidTextRepresentation = SQLState("22P02")
  public static let untranslatableCharacter = SQLState("22021")
  public static let integrityConstraintViolation = SQLState("23000")
  public static let notNullViolation = SQLState("23502")
  public static let foreignKeyViolation = SQLState("23503")
  public static let uniqueViolation = SQLState("23505")
  public static let checkViolation = SQLState("23514")
  public static let exclusionViolation = SQLState("23P01")
  public static let readOnlyTransaction = SQLState("25006")
  public static let inFailedTransaction = SQLState("25P02")
  public static let idleInTransactionTimeout = SQLState("25P03")
  public static let invalidStatementName = SQLState("26000")
  public static let invalidAuthorization = SQLState("28000")
  public static let invalidPassword = SQLState("28P01")
  public static let invalidCatalogName = SQLState("3D000")
  public static let serializationFailure = SQLState("40001")
  public static let statementCompletionUnknown = SQLState("40003")
  public static let deadlockDetected = SQLState("40P01")
  public static let syntaxError = SQLState("42601")
  public static let insufficientPrivilege = SQLState("42501")
  public static let undefinedColumn = SQLState("42703")
  public static let undefinedTable = SQLState("42P01")
  public static let undefinedFunction = SQLState("42883")
  public static let duplicateTable = SQLState("42P07")
  public static let duplicateSchema = SQLState("42P06")
  public static let diskFull = SQLState("53100")
  public static let outOfMemory = SQLState("53200")
  public static let tooManyConnections = SQLState("53300")
  public static let objectInUse = SQLState("55006")
  public static let lockNotAvailable = SQLState("55P03")
  public static let queryCanceled = SQLState("57014")
  public static let adminShutdown = SQLState("57P01")
  public static let crashShutdown = SQLState("57P02")
  public static let cannotConnectNow = SQLState("57P03")
  public static let raiseException = SQLState("P0001")

  /// The first two characters: the class of the error.
  public var errorClass: Substring { rawValue.prefix(2) }

  /// Whether a table's constraint refused the statement (class 23).
  public var isIntegrityViolation: Bool { errorClass == "23" }

  /// Whether repeating the whole transaction may succeed, because only its timing was unlucky.
  public var isTransactionRetryable: Bool { self == .serializationFailure || self == .deadlockDetected }

  /// Whether reconnecting without changed settings is pointless: refused identity, unknown database.
  var refusesConnections: Bool { errorClass == "28" || self == .invalidCatalogName || self == .insufficientPrivilege }
}

extension SQLState: CustomStringConvertible {
  public var description: String { rawValue }
}
