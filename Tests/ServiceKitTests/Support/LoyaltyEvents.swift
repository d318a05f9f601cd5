import Foundation
import Logging
import LoyaltyProto
import Messages
import Postgres
import RPC

@testable import ServiceKit

/// The one method of the loyalty service that these tests need, over a real event log.
struct LoyaltyEvents: RegistrableService {
  let log: EventLog

  static var serviceDescriptor: ServiceDescriptor { LoyaltyV1.LoyaltyServiceMethods.service }
  static var fileDescriptors: FileDescriptors { .loyaltyProto }

  var methods: [ServerMethod] {
    [
      .serverStreaming(LoyaltyV1.LoyaltyServiceMethods.subscribe) {
        (
          request: LoyaltyV1.SubscribeRequest,
          responses: ResponseWriter<LoyaltyV1.SubscribeResponse>,
          context: ServerContext
        ) in
        try await log.serve(from: .after(request.cursor), context: context) { batch in
          try await responses.write(
            LoyaltyV1.SubscribeResponse(events: try batch.messages(), cursor: batch.cursor, hasMore: batch.hasMore)
          )
        }
      }
    ]
  }

  static var settings: EventLogSettings {
    var settings = EventLogSettings()
    settings.batchSize = 7
    settings.announceInterval = .milliseconds(1)
    settings.pollInterval = .milliseconds(20)
    settings.heartbeatInterval = .milliseconds(50)
    return settings
  }

  /// Runs `body` with a client of a real server on a socket of its own.
  static func serve<Value>(
    _ log: EventLog,
    _ body: (LoyaltyV1.LoyaltyServiceClient) async throws -> Value
  ) async throws -> Value {
    let server = Server(
      configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
      services: [LoyaltyEvents(log: log)],
      logger: .silent
    )
    let addresses = try await server.start()
    let channel = try Channel(target: "\(addresses[0])", logger: .silent)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(LoyaltyV1.LoyaltyServiceClient(channel)))
    } catch {
      result = .failure(error)
    }
    await channel.close()
    await server.shutdown(grace: .zero)
    return try result.get()
  }
}

extension LoyaltyV1.LoyaltyEvent {
  /// Makes an event that differs from others only by its ID.
  static func named(_ name: String) -> LoyaltyV1.LoyaltyEvent {
    LoyaltyV1.LoyaltyEvent(eventID: name, kind: .programmeUpdated(LoyaltyV1.ProgrammeUpdated()))
  }
}

extension EventConsumer {
  /// Does all its jobs until the task is cancelled.
  func run() async {
    await withTaskGroup { group in
      for job in jobs { group.addTask { await job.run(logger: .silent) } }
    }
  }
}
