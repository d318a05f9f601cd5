import Basics
import FeedbackProto
import Foundation
import Logging
import Postgres
import RPC

@testable import FeedbackService
@testable import ServiceKit

/// The whole service except its process: real PostgreSQL, real server and client.
struct FeedbackUnderTest: Sendable {
  let client: FeedbackV1.FeedbackServiceClient
  let database: Database

  /// Runs `body` beside the service. `arguments` are its command line flags, and `members` is the address of members.
  static func with(
    arguments: [String] = [],
    members: String = "unix:/tmp/patron-no-members.sock",
    _ body: (FeedbackUnderTest) async throws -> Void
  ) async throws {
    try await FeedbackDatabase.with { database in
      let settings = try await ServiceConfiguration<FeedbackSettings>(
        service: FeedbackService.name,
        arguments: ["--members-address", members] + arguments,
        environment: [:]
      ).settings
      guard let settings else { preconditionFailure("the arguments ask for something else than a service") }
      let kit = ServiceResources.forTesting(service: FeedbackService.name, database: database)
      let parts = try await FeedbackService.assemble(kit, settings)
      try await serve(parts, kit) { channel in
        let client = FeedbackV1.FeedbackServiceClient(channel)
        try await body(FeedbackUnderTest(client: client, database: database))
      }
    }
  }

  /// Makes a member known to feedback, as if members had announced it, and returns its ID.
  func knownMember() async throws -> String {
    let id = UUID()
    try await database.execute("INSERT INTO known_member (member_id, standing) VALUES (\(id), 1)")
    return id.text
  }

  /// Returns the number of rows of a table.
  func count(of table: String) async throws -> Int64 {
    try await database.query("SELECT count(*) FROM \(identifier: table)")[0].decode(column: 0, as: Int64.self)
  }

  private static func serve(
    _ parts: ServiceParts,
    _ kit: ServiceResources,
    _ body: (Channel) async throws -> Void
  ) async throws {
    let path = "/tmp/patron-feedback-\(UUID().text).sock"
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let server = Server(
      configuration: ServerConfiguration(addresses: [.unix(path: path)]),
      services: parts.services,
      interceptors: [
        DeclaredReasonCheck(parts) { fatalError("\($0) failed for \($1), which its proto does not declare") },
        ErrorMappingInterceptor(domain: FeedbackReason.domain, logger: logger),
      ],
      logger: logger
    )
    try await server.start()
    let channel = try Channel(target: "unix:\(path)")
    let jobs = Task {
      await withTaskGroup(of: Void.self) { group in
        for job in parts.jobs { group.addTask { await job.run(logger: logger) } }
      }
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(channel)) } catch { outcome = .failure(error) }
    jobs.cancel()
    await jobs.value
    await server.shutdown(grace: .zero)
    await channel.close()
    await kit.closeChannels()
    try? FileManager.default.removeItem(atPath: path)
    try outcome.get()
  }
}
