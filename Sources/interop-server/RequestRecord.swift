import CommonProto
import Messages
import NIOCore
import RPC
import TestAPI

/// What was seen of a conformance call's requests, to be sent back.
struct RequestRecord: Sendable {
  typealias Payload = ConnectrpcConformanceV1.ConformancePayload

  private let context: ServerContext
  /// The requests received and not yet reported.
  private(set) var requests: [GoogleProtobuf.AnyMessage] = []

  init(_ context: ServerContext) { self.context = context }

  mutating func add(_ request: some Message) throws { requests.append(try GoogleProtobuf.AnyMessage(packing: request)) }

  /// The headers, the time-out and the requests.
  var all: Payload.RequestInfo {
    Payload.RequestInfo(
      requestHeaders: [ConnectrpcConformanceV1.Header](context.requestMetadata),
      timeoutMs: context.deadline.map { ($0 - context.startedAt).nanoseconds / 1_000_000 },
      requests: requests
    )
  }

  /// The requests since this was last asked for.
  mutating func takeRequests() -> Payload.RequestInfo {
    defer { requests = [] }
    return Payload.RequestInfo(requests: requests)
  }

  /// ``all``, and forgets the requests.
  mutating func takeAll() -> Payload.RequestInfo {
    defer { requests = [] }
    return all
  }
}

extension GoogleProtobuf.AnyMessage {
  fileprivate static let typePrefix = "type.googleapis.com/"

  /// A message with the name of its type.
  init<Content: Message>(packing message: Content) throws {
    self.init(
      typeUrl: Self.typePrefix + Content.messageType.fullName,
      value: try message.serializedBytes()
    )
  }
}
