import Foundation

/// All reasons of the sources, and which of them every method may have.
struct ReasonCatalogue {
  /// A proto that names a reason of which no source knows.
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  private let reasons: [DeclaredReason]

  init(files: [String]) throws {
    reasons = try files.flatMap { try ReasonReader(source: String(contentsOfFile: $0, encoding: .utf8)).reasons }
  }

  /// Those that no method names: the runtime's, those of every service and of every field, and what the gateway says of the
  /// services behind it.
  var ofEveryMethod: [DeclaredReason] {
    let common = reasons.filter { reason in
      switch reason.enumeration {
      case "RuntimeReason", "CommonFieldReason": true
      case "CommonReason": !Self.declaredWhereTheyOccur.contains(reason.name)
      case "GatewayReason": reason.name.hasPrefix("UPSTREAM_")
      default: false
      }
    }
    return (common + [Self.severalFields]).sorted { ($0.domain ?? "", $0.name) < ($1.domain ?? "", $1.name) }
  }

  private static let declaredWhereTheyOccur: Set = ["MEMBER_NOT_FOUND", "MEMBERS_UNAVAILABLE"]

  private static let severalFields = DeclaredReason(
    enumeration: "FieldChecks",
    name: "INVALID_FIELDS",
    domain: nil,
    code: "invalidArgument",
    meaning: "Several fields are wrong, for different reasons: `fieldViolations` has them."
  )

  /// Finds the reasons that a method names.
  ///
  /// - Parameter package: Of the method: what its own service says of a reason comes before what others say.
  func reasons(_ names: [String], of method: String, in package: String) throws -> [DeclaredReason] {
    let own = "\(package.split(separator: ".").dropFirst().first ?? "").patron"
    return try names.map { name in
      let found = reasons.filter { $0.name == name }
      guard let reason = found.first(where: { $0.domain == own }) ?? found.first else {
        throw Unknown(description: "\(method) declares the error \(name), which no enum of reasons has")
      }
      return reason
    }
  }
}
