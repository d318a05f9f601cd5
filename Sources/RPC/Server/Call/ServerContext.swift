public import NIOCore
import Synchronization

/// Everything about one call being served except its messages. Safe to use from any task of the call.
public final class ServerContext: Sendable {
  /// The context of the call that the current task serves. Outgoing calls take their deadline and trace from it.
  @TaskLocal public static var current: ServerContext?

  /// The method that was called.
  public let method: MethodDescriptor
  /// Who called.
  public let peer: Peer
  /// What came with the request: the caller's own fields, `user-agent`, and `grpc-previous-rpc-attempts` when the call was
  /// sent before; no other reserved ones.
  public let requestMetadata: Metadata
  /// When the request's headers had arrived.
  public let startedAt: NIODeadline
  /// When the caller stops waiting; nil when it set no limit.
  public let deadline: NIODeadline?

  /// The number of the method among those of the server, so that interceptors can keep things per method in an array;
  /// 0 stands for every method that the server does not have.
  let methodNumber: Int

  private struct State {
    var trace: TraceContext?
    var responseMetadata = Metadata()
    var trailingMetadata = Metadata()
    var storage: [ObjectIdentifier: any Sendable]?
  }

  private let state = Mutex(State())
  /// Whether response or trailing metadata were ever set, so that most calls need not ask.
  private let responseFields = Atomic(false)
  private let cancelled = Atomic(false)
  private let compressionChoice = Atomic(CompressionChoice.server)
  private let receivedBytes = Atomic(0)
  private let receivedCompressed = Atomic(false)
  private let sentBytes = Atomic(0)

  /// Makes the context of a call; tests of handlers do, otherwise the server does.
  public convenience init(
    method: MethodDescriptor,
    peer: Peer = Peer(address: ""),
    requestMetadata: Metadata = Metadata(),
    deadline: NIODeadline? = nil
  ) {
    self.init(
      method: method,
      methodNumber: 0,
      peer: peer,
      requestMetadata: requestMetadata,
      startedAt: .now(),
      deadline: deadline
    )
  }

  init(
    method: MethodDescriptor,
    methodNumber: Int,
    peer: Peer,
    requestMetadata: Metadata,
    startedAt: NIODeadline,
    deadline: NIODeadline?
  ) {
    self.method = method
    self.methodNumber = methodNumber
    self.peer = peer
    self.requestMetadata = requestMetadata
    self.startedAt = startedAt
    self.deadline = deadline
  }
}

extension ServerContext {
  /// The time left until the ``deadline``, zero when it has passed; nil when there is none.
  public var remainingTime: Duration? {
    deadline.map { .nanoseconds(max(0, ($0 - .now()).nanoseconds)) }
  }

  /// Whether nobody waits for the answer any more: reset, connection lost or deadline passed. The handler's task is
  /// cancelled too.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Where the call belongs in a trace; nil unless a ``TracingInterceptor`` runs.
  public var trace: TraceContext? {
    get { state.withLock { $0.trace } }
    set { state.withLock { $0.trace = newValue } }
  }

  /// Fields to send before the first response message. Too late once that is sent.
  public var responseMetadata: Metadata {
    get { state.withLock { $0.responseMetadata } }
    set {
      responseFields.store(true, ordering: .relaxed)
      state.withLock { $0.responseMetadata = newValue }
    }
  }

  /// Fields to send with the status, whether the call succeeds or fails.
  public var trailingMetadata: Metadata {
    get { state.withLock { $0.trailingMetadata } }
    set {
      responseFields.store(true, ordering: .relaxed)
      state.withLock { $0.trailingMetadata = newValue }
    }
  }

  var hasResponseFields: Bool { responseFields.load(ordering: .relaxed) }

  /// How to pack the response messages that follow; nil is the server's ``ServerConfiguration/compression``. Default
  /// nil.
  ///
  /// Gzip is used only for a client that takes it, and for messages of a worthwhile size. It must be chosen before the
  /// first response message is sent; ``Compression/identity`` counts from the next message on, at any time.
  public var compression: Compression? {
    get { compressionChoice.load(ordering: .relaxed).compression }
    set { compressionChoice.store(CompressionChoice(newValue), ordering: .relaxed) }
  }

  /// A value that an interceptor left for those after it and for the handler.
  public subscript<Key: ServerContextKey>(key: Key.Type) -> Key.Value? {
    get { state.withLock { $0.storage?[ObjectIdentifier(key)] } as? Key.Value }
    set { state.withLock { $0.storage = Self.replacing(newValue, for: key, in: $0.storage) } }
  }

  private static func replacing<Key: ServerContextKey>(
    _ value: Key.Value?,
    for key: Key.Type,
    in storage: [ObjectIdentifier: any Sendable]?
  ) -> [ObjectIdentifier: any Sendable] {
    var storage = storage ?? [:]
    storage[ObjectIdentifier(key)] = value
    return storage
  }

  /// Bytes of request messages received so far, as they were on the wire without framing.
  public var requestBytes: Int { receivedBytes.load(ordering: .relaxed) }

  /// Whether the request message that was taken last came compressed. Handlers get it unpacked either way.
  public var isRequestCompressed: Bool { receivedCompressed.load(ordering: .relaxed) }

  /// Bytes of response messages accepted for sending so far, as they are on the wire without framing.
  public var responseBytes: Int { sentBytes.load(ordering: .relaxed) }

  func countRequest(bytes: Int, isCompressed: Bool) {
    receivedBytes.wrappingAdd(bytes, ordering: .relaxed)
    receivedCompressed.store(isCompressed, ordering: .relaxed)
  }

  func countResponse(bytes: Int) { sentBytes.wrappingAdd(bytes, ordering: .relaxed) }
}

/// A call's choice of compression as one atomic byte.
private enum CompressionChoice: UInt8, AtomicRepresentable {
  case server, identity, gzip

  init(_ compression: Compression?) {
    switch compression {
    case nil: self = .server
    case .identity: self = .identity
    case .gzip: self = .gzip
    }
  }

  var compression: Compression? {
    switch self {
    case .server: nil
    case .identity: .identity
    case .gzip: .gzip
    }
  }
}

/// Names a typed value that interceptors hand to handlers through the ``ServerContext``, such as the caller's identity.
public protocol ServerContextKey {
  /// The type of the value.
  associatedtype Value: Sendable
}

/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The socket address, such as `10.0.0.7:51234`, `[::1]:51234` or `unix:`; for logs, not for decisions.
  public var address: String
  /// Who it is by the certificate that it has shown and that was verified; nil without mTLS.
  public var identity: PeerIdentity?

  /// Makes a peer.
  public init(address: String, identity: PeerIdentity? = nil) {
    self.address = address
    self.identity = identity
  }
}
