import Basics
import CLibPQ

/// A database's address and session settings in libpq's form.
struct ConnectionParameters: Sendable {
  /// Keywords and values in order. Later ones override earlier ones.
  let keywords: [String]
  let values: [String]
  let timeoutNanoseconds: Int64

  /// - Throws: When libpq cannot parse the connection string. The reason omits the string, which may contain a
  ///   password.
  init(_ configuration: DatabaseConfiguration) throws(PostgresError) {
    guard let parsed = PQconninfoParse(configuration.connectionString, nil) else {
      throw .invalidUse(
        "the connection string is neither a postgres:// URL nor a list of key=value pairs that libpq understands"
      )
    }
    defer { PQconninfoFree(parsed) }
    let session = configuration.session.serverSettings.map { "-c \($0.name)=\(Self.escaped($0.value))" }
    let options = session + [Self.value(of: "options", in: parsed)].compactMap { $0 }
    let pairs = [
      ("fallback_application_name", configuration.session.applicationName),
      // A dead peer is noticed within a minute unless the connection string says otherwise.
      ("keepalives_idle", "30"),
      ("keepalives_interval", "10"),
      ("keepalives_count", "3"),
      ("tcp_user_timeout", "30000"),
      ("dbname", configuration.connectionString),
      ("client_encoding", "UTF8"),
      ("options", options.joined(separator: " ")),
    ]
    keywords = pairs.map(\.0)
    values = pairs.map(\.1)
    timeoutNanoseconds = max(1_000_000, configuration.connectTimeout.wholeNanoseconds)
  }

  private static func value(
    of keyword: String,
    in options: UnsafeMutablePointer<PQconninfoOption>
  ) -> String? {
    var option = options
    while let name = option.pointee.keyword {
      if String(cString: name) == keyword { return option.pointee.val.map { String(cString: $0) } }
      option += 1
    }
    return nil
  }

  /// Escapes a value, because the server splits options at unescaped spaces.
  private static func escaped(_ value: String) -> String {
    var escaped = ""
    for character in value {
      if character == " " || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
