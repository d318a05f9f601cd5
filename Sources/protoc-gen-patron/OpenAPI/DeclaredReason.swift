/// Why a call may fail, as an enum of reasons in the sources declares it.
struct DeclaredReason {
  /// The enum, such as `LoyaltyReason`.
  var enumeration: String
  /// `ErrorInfo.reason`.
  var name: String
  /// `ErrorInfo.domain`; nil for reasons of fields, which have the domain of the service.
  var domain: String?
  /// The case of `StatusCode`, such as `notFound`; nil where it depends.
  var code: String?
  /// What it means.
  var meaning: String

  /// The code as Connect spells it.
  var connectCode: String? { code.map { Self.codes[$0]?.name ?? "unknown" } }

  /// The HTTP status as Connect has it.
  var httpStatus: Int? { code.map { Self.codes[$0]?.status ?? 500 } }

  /// All codes that Connect knows, sorted.
  static var connectCodes: [String] { codes.values.map(\.name).sorted() }

  private static let codes: [String: (name: String, status: Int)] = [
    "cancelled": ("canceled", 499), "unknown": ("unknown", 500), "invalidArgument": ("invalid_argument", 400),
    "deadlineExceeded": ("deadline_exceeded", 504), "notFound": ("not_found", 404),
    "alreadyExists": ("already_exists", 409), "permissionDenied": ("permission_denied", 403),
    "resourceExhausted": ("resource_exhausted", 429), "failedPrecondition": ("failed_precondition", 400),
    "aborted": ("aborted", 409), "outOfRange": ("out_of_range", 400), "unimplemented": ("unimplemented", 501),
    "internalError": ("internal", 500), "unavailable": ("unavailable", 503), "dataLoss": ("data_loss", 500),
    "unauthenticated": ("unauthenticated", 401),
  ]

  /// What `x-patron-errors` says of it.
  var node: JSONNode {
    .members([
      ("reason", .text(name)), ("domain", domain.map { .text($0) }), ("code", connectCode.map { .text($0) }),
      ("httpStatus", httpStatus.map { .number($0) }), ("description", meaning.isEmpty ? nil : .text(meaning)),
    ])
  }

  /// What a description says of it.
  var line: String { "- `\(name)`" + (meaning.isEmpty ? "" : ": \(meaning)") }
}
