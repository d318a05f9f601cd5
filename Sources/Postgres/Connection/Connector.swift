import CLibPQ
import Glibc

/// Establishes connections. Blocks on name resolution, TLS and authentication, so it runs on a thread of its own.
enum Connector {
  static func connect(_ parameters: ConnectionParameters) -> Result<ConnectionHandle, PostgresError> {
    let deadline = Moment.now + parameters.timeoutNanoseconds
    guard let connection = start(parameters) else {
      return .failure(PostgresError(.connectionFailed, "libpq is out of memory"))
    }
    // Makes libpq write the SQLSTATE into the message of a refused connection, which is the only place for it.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
    if let failure = wait(for: connection, until: deadline) {
      PQfinish(connection)
      return .failure(failure)
    }
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
      PQfinish(connection)
      return .failure(PostgresError(.connectionFailed, "libpq cannot enter pipeline mode"))
    }
    return .success(ConnectionHandle(pointer: connection))
  }

  private static func start(_ parameters: ConnectionParameters) -> OpaquePointer? {
    var keywords: [UnsafePointer<CChar>?] = parameters.keywords.map { UnsafePointer(strdup($0)) }
    var values: [UnsafePointer<CChar>?] = parameters.values.map { UnsafePointer(strdup($0)) }
    defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
    keywords.append(nil)
    values.append(nil)
    return PQconnectStartParams(keywords, values, 1)
  }

  private static func wait(for connection: OpaquePointer, until deadline: Moment) -> PostgresError? {
    guard PQstatus(connection) != CONNECTION_BAD else { return refusal(of: connection) }
    var wanted = PGRES_POLLING_WRITING
    while true {
      if wanted == PGRES_POLLING_OK { return nil }
      if wanted == PGRES_POLLING_FAILED { return refusal(of: connection) }
      let remaining = (deadline - Moment.now) / 1_000_000
      guard remaining > 0 else { return timeout }
      let events = Int16(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT)
      var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
      let ready = poll(&descriptor, 1, Int32(clamping: remaining))
      if ready == 0 { return timeout }
      if ready > 0 { wanted = PQconnectPoll(connection) }
    }
  }

  private static var timeout: PostgresError {
    PostgresError(.connectionFailed, "PostgreSQL did not answer within connectTimeout")
  }

  private static func refusal(of connection: OpaquePointer) -> PostgresError {
    let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    let line = message.split(separator: "\n").first.map(String.init) ?? "no connection could be made"
    guard let code = sqlState(in: line) else { return PostgresError(.connectionFailed, line) }
    return PostgresError(
      .connectionFailed,
      line,
      server: ServerError(sqlState: code, severity: "FATAL", message: line)
    )
  }

  /// Extracts the code from `…: FATAL:  28P01: password authentication failed …`.
  static func sqlState(in line: String) -> SQLState? {
    for part in line.split(separator: ":") {
      let word = part.drop { $0 == " " }
      let isCode =
        part.hasPrefix("  ") && word.utf8.count == 5
        && word.utf8.allSatisfy { byte in
          UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        }
      if isCode { return SQLState(rawValue: String(word)) }
    }
    return nil
  }
}
