public import Basics
public import Foundation
public import Messages
public import Postgres
import RPC

/// Makes mutations idempotent by request id: the first answer is kept in the transaction that made it true, and every
/// repetition gets that answer, byte for byte. A repetition that comes while the first is still running waits for it.
///
/// Needs the table `request` of `service-tables.sql`, and transactions that read committed data (the default).
public struct Idempotency: Sendable {
  private let database: Database
  private let domain: String
  private let events: EventLog?

  /// - Parameters:
  ///   - database: The service's database.
  ///   - domain: The `ErrorInfo.domain` of refusals.
  ///   - events: Woken after each transaction, when the mutations write events.
  public init(database: Database, domain: String, events: EventLog? = nil) {
    self.database = database
    self.domain = domain
    self.events = events
  }

  /// Runs a mutation in a transaction of its own, at most once for its request id.
  ///
  /// - Parameters:
  ///   - requestID: The caller's id.
  ///   - request: What was asked. A repetition must ask the same.
  ///   - payload: What counts as the same, when not every field of the request does.
  ///   - body: The mutation. Throwing undoes everything; nothing is kept, and a repetition runs anew. It runs again
  ///     when two transactions collided, so it must have no other effects than its statements.
  /// - Throws: `FAILED_PRECONDITION` with `REQUEST_ID_REUSED` when the id was used for another request; what `body`
  ///   throws; ``Postgres/PostgresError``.
  public func once<Request: Message, Response: Message>(
    _ requestID: UUID,
    _ request: Request,
    payload: Request? = nil,
    _ body: (Transaction) async throws -> Response
  ) async throws -> Response {
    let digest = try PayloadDigest(of: payload ?? request).bytes
    let method = Request.messageType.fullName
    let response = try await database.transaction(TransactionOptions(attempts: 3)) { transaction -> Response in
      guard try await claim(requestID, method: method, digest: digest, in: transaction) else {
        return try await firstAnswer(requestID, digest: digest, in: transaction)
      }
      let response = try await body(transaction)
      try await transaction.commit(with: [try keeping(response, for: requestID)])
      return response
    }
    events?.wake()
    return response
  }

  /// Runs a mutation inside a transaction that the caller opened, at most once for its request id.
  public func once<Request: Message, Response: Message>(
    _ requestID: UUID,
    _ request: Request,
    payload: Request? = nil,
    in transaction: Transaction,
    _ body: (Transaction) async throws -> Response
  ) async throws -> Response {
    let digest = try PayloadDigest(of: payload ?? request).bytes
    guard try await claim(requestID, method: Request.messageType.fullName, digest: digest, in: transaction) else {
      return try await firstAnswer(requestID, digest: digest, in: transaction)
    }
    let response = try await body(transaction)
    try await transaction.execute(try keeping(response, for: requestID))
    return response
  }

  /// Takes the id for this transaction, after waiting for another one that holds it.
  ///
  /// - Returns: Whether the id was free.
  private func claim(
    _ requestID: UUID,
    method: String,
    digest: [UInt8],
    in transaction: Transaction
  ) async throws(PostgresError) -> Bool {
    try await transaction.execute(
      """
      INSERT INTO request (request_id, method, payload_digest) VALUES (\(requestID), \(method), \(digest))
      ON CONFLICT (request_id) DO NOTHING
      """
    ) == 1
  }

  private func keeping(_ response: some Message, for requestID: UUID) throws(MessageError) -> SQL {
    let bytes = try response.serializedBytes()
    return "UPDATE request SET response = \(bytes) WHERE request_id = \(requestID)"
  }

  /// The insert has waited for the transaction that holds the id, so the answer is there and committed.
  private func firstAnswer<Response: Message>(
    _ requestID: UUID,
    digest: [UInt8],
    in transaction: Transaction
  ) async throws -> Response {
    let rows = try await transaction.query(
      "SELECT payload_digest, response FROM request WHERE request_id = \(requestID)"
    )
    guard let row = rows.first else { throw CommonReason.conflict.error(domain: domain) }
    let (stored, response) = try row.decode([UInt8].self, [UInt8]?.self)
    guard stored == digest else {
      throw PayloadDigest.reused(requestID: requestID, stored: stored, given: digest, domain: domain)
    }
    guard let response else { throw CommonReason.conflict.error(domain: domain) }
    return try Response(serializedBytes: response)
  }
}

/// Which times a request may carry, by this service's clock: one rule for all services.
public struct RequestTimes: Sendable {
  /// How far from the clock they may be.
  public let settings: RequestTimeSettings
  private let clock: WallClock

  /// The times that `settings` allow by `clock`.
  public init(_ settings: RequestTimeSettings = RequestTimeSettings(), clock: WallClock) {
    self.settings = settings
    self.clock = clock
  }

  /// The latest moment that a request id or a sale may be dated, in microseconds since 1970.
  public var latest: Int64 { clock.unixMicroseconds + settings.aheadMaximum.wholeNanoseconds / 1_000 }

  /// The earliest moment that a request id may be dated, in microseconds since 1970: answers to older ones are not kept.
  public var oldestRequest: Int64 { clock.unixMicroseconds - settings.retention.wholeNanoseconds / 1_000 }

  /// The earliest moment that a sale may have happened, in microseconds since 1970.
  public var oldestSale: Int64 { clock.unixMicroseconds - settings.saleAgeMaximum.wholeNanoseconds / 1_000 }
}
