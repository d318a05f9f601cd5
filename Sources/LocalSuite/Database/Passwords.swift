import Basics

/// The passwords of the database's roles, kept in a file of the local folder that only its owner may read.
package struct Passwords: Sendable {
  private static let file = "passwords"

  private var byRole: [String: String] = [:]

  /// Reads the file, and adds passwords for the roles that have none yet.
  package init(in local: LocalDirectory, roles: [String]) throws {
    for line in (local.read(Self.file) ?? "").split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { byRole[String(parts[0])] = String(parts[1]) }
    }
    let missing = roles.filter { byRole[$0] == nil }
    guard !missing.isEmpty else { return }
    for role in missing { byRole[role] = Password.random() }
    let text = byRole.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
    try local.writePrivately(Self.file, text)
  }

  /// The password of a role that was named at the start.
  package subscript(role: String) -> String { byRole[role] ?? "" }
}

/// Passwords that nobody needs to remember.
enum Password {
  /// 128 random bits as 32 hexadecimal digits: safe in a URL and between quotes.
  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }
}
