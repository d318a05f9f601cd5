public import CommonProto
import Messages
public import RPC

/// A service whose events others follow. Serves `Subscribe` for all of them.
public protocol FollowedService: Sendable {
  /// The service's event log.
  var events: EventLog { get }
}

extension FollowedService {
  /// Serves one subscription, from `request.cursor` on, until its caller goes away or the service stops.
  ///
  /// - Throws: What ``EventLog/serve(from:context:_:)`` throws.
  public func subscribe<Request: EventSubscription, Response: FollowedEvents>(
    _ request: Request,
    responses: ResponseWriter<Response>,
    context: ServerContext
  ) async throws {
    try await events.serve(from: .after(request.cursor), context: context) { batch in
      try await responses.write(
        Response(events: try batch.messages(), cursor: batch.cursor, hasMore: batch.hasMore)
      )
    }
  }
}

/// What happened, as the service that writes the events names it.
public protocol EventKind: Sendable {
  /// The kind's name in the log, such as `order_posted`.
  var type: String { get }
}
