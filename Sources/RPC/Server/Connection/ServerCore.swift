import Basics
import Logging
import NIOCore

/// The constants shared by all connections of a server.
final class ServerCore: Sendable {
  let limits: ServerLimits
  let compression: CompressionConfiguration
  let keepalive: ServerKeepalive
  let lifetime: ConnectionLifetime
  /// Nil when the server speaks only gRPC over HTTP/2.
  let site: WebSite?
  let addsErrorInfo: Bool
  /// See ``ServerLimits/statusBytesMaximum``.
  let statusBytesMaximum: Int
  /// The source of jitter.
  let random: RandomSource
  let drainPingTimeout: TimeAmount
  let settings: HTTP2Settings
  let methods: MethodTable
  let pipeline: CallPipeline
  let admission: AdmissionControl
  let memoryReturn: MemoryReturn
  let logger: Logger
  private let unaryTimeoutNanoseconds: Int64?

  init(
    configuration: ServerConfiguration,
    methods: [ServerMethod],
    interceptors: [any ServerInterceptor],
    logger: Logger,
    random: RandomSource = .system
  ) throws(RuntimeError) {
    limits = configuration.limits
    compression = configuration.compression
    keepalive = configuration.keepalive
    lifetime = configuration.lifetime
    site = configuration.web.map { WebSite($0) }
    addsErrorInfo = configuration.addsErrorInfo
    statusBytesMaximum = min(max(configuration.limits.statusBytesMaximum, 2 << 10), 60 << 10)
    self.random = random
    drainPingTimeout = TimeAmount(configuration.drainPingTimeout)
    settings = configuration.limits.http2Settings
    self.methods = try MethodTable(methods, limits: configuration.limits)
    pipeline = CallPipeline(interceptors: interceptors)
    admission = AdmissionControl(connectionsMaximum: configuration.limits.connectionsMaximum)
    memoryReturn = MemoryReturn(delay: configuration.limits.memoryReturnDelay)
    self.logger = logger
    unaryTimeoutNanoseconds = configuration.limits.unaryTimeout?.wholeNanoseconds
  }

  /// Returns the time limit in nanoseconds of a call whose caller sets none.
  func unaryTimeout(_ method: RegisteredMethod?) -> Int64? {
    method?.method.descriptor.kind == .unary ? unaryTimeoutNanoseconds : nil
  }
}
