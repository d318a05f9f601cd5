public import NIOCore
import Synchronization

/// Everything about a call being served except its messages. Thread-safe.
public final class ServerContext: Sendable {
  /// The context of the call that the current task serves. Outgoing calls inherit its deadline and trace.
  @TaskLocal public static var current: ServerContext?

  /// The called method.
  public let method: MethodDescriptor
  /// The caller.
  public let peer: Peer
  /// The request's metadata: the caller's own fields, `user-agent`, and `grpc-previous-rpc-attempts` when the call was
  /// sent before. No other reserved fields.
  public let requestMetadata: Metadata
  /// When the request's headers had arrived.
  public let startedAt: NIODeadline
  /// When the caller stops waiting, nil when it set no limit.
  public let deadline: NIODeadline?

  /// The method's number on the server, so that interceptors can store data per method in an array. 0 stands for all
  /// methods that the server does not have.
  let methodNumber: Int

  private struct State {
    var trace: TraceContext?
    var responseMetadata = Metadata()
    var trailingMetadata = Metadata()
    var storage: [ObjectIdentifier: any Sendable]?
  }

  private let state = Mutex(State())
  /// Whether response or trailing metadata were ever set, which is rare.
  private let responseFields = Atomic(false)
  private let cancelled = Atomic(false)
  private let compressionChoice = Atomic(CompressionChoice.server)
  private let receivedBytes = Atomic(0)
  private let receivedCompressed = Atomic(false)
  private let sentBytes = Atomic(0)

  /// Makes the context of a call, for tests of handlers and for the server.
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
  /// The time until the ``deadline``, zero when it has passed, nil when there is none.
  public var remainingTime: Duration? {
    deadline.map { .nanoseconds(max(0, ($0 - .now()).nanoseconds)) }
  }

  /// Whether the answer is no longer needed: the call was reset, its connection lost, or its deadline has passed. The
  /// handler's task is cancelled too.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// The call's span in a trace, nil unless a ``TracingInterceptor`` runs.
  public var trace: TraceContext? {
    get { state.withLock { $0.trace } }
    set { state.withLock { $0.trace = newValue } }
  }

  /// Metadata to send before the first response message. Ignored after that.
  public var responseMetadata: Metadata {
    get { state.withLock { $0.responseMetadata } }
    set {
      responseFields.store(true, ordering: .relaxed)
      state.withLock { $0.responseMetadata = newValue }
    }
  }

  /// Metadata to send with the status, whether the call succeeds or fails.
  public var trailingMetadata: Metadata {
    get { state.withLock { $0.trailingMetadata } }
    set {
      responseFields.store(true, ordering: .relaxed)
      state.withLock { $0.trailingMetadata = newValue }
    }
  }

  var hasResponseFields: Bool { responseFields.load(ordering: .relaxed) }

  /// The compression of the following response messages. Nil, the default, is the server's
  /// ``ServerConfiguration/compression``.
  ///
  /// Gzip is used only for a client that accepts it, and for messages of sufficient size. Choose it before the first
  /// response message. ``Compression/identity`` applies from the next message on, at any time.
  public var compression: Compression? {
    get { compressionChoice.load(ordering: .relaxed).compression }
    set { compressionChoice.store(CompressionChoice(newValue), ordering: .relaxed) }
  }

  /// A value that an interceptor set for later interceptors and for the handler.
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

  /// Request message bytes received so far, as on the wire without framing.
  public var requestBytes: Int { receivedBytes.load(ordering: .relaxed) }

  /// Whether the last request message was compressed. Handlers get it decompressed.
  public var isRequestCompressed: Bool { receivedCompressed.load(ordering: .relaxed) }

  /// Response message bytes accepted for sending so far, as on the wire without framing.
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

/// The key of a typed value that interceptors pass to handlers in the ``ServerContext``, such as the caller's identity.
public protocol ServerContextKey {
  /// The type of the value.
  associatedtype Value: Sendable
}

/// The other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The socket address, such as `10.0.0.7:51234`, `[::1]:51234` or `unix:`. For logs, not for decisions.
  public var address: String
  /// The identity in the verified certificate, nil without mTLS.
  public var identity: PeerIdentity?

  /// Makes a peer.
  public init(address: String, identity: PeerIdentity? = nil) {
    self.address = address
    self.identity = identity
  }
}
