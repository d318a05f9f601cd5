import Foundation
import Logging
import NIOCore
import NIOSSL
import NIOTLS
import Synchronization

/// The TLS context for the next connection, recreated when its files have changed. Open connections keep theirs.
///
/// Files are checked when a connection is made. Invalid files leave the old context in place, with a warning.
final class TLSContexts: Sendable {
  private struct State {
    var context: NIOSSLContext?
    var stamps: [FileStamp] = []
    var nextLook = NIODeadline.uptimeNanoseconds(0)
  }

  /// Distinguishes versions of a file.
  private struct FileStamp: Sendable, Hashable {
    var modified: Date?
    var number: UInt64?

    init(_ path: String) {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      modified = attributes?[.modificationDate] as? Date
      number = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
    }
  }

  private let files: [String]
  private let interval: TimeAmount
  private let make: @Sendable () throws -> NIOSSLContext
  private let logger: Logger
  private let state = Mutex(State())

  init(
    files: [String],
    reloadInterval: Duration,
    logger: Logger,
    make: @escaping @Sendable () throws -> NIOSSLContext
  ) {
    self.files = files
    self.make = make
    self.logger = logger
    interval = TimeAmount(reloadInterval)
  }

  convenience init(_ tls: ServerTLS, isForWeb: Bool, logger: Logger) {
    self.init(files: tls.files, reloadInterval: tls.reloadInterval, logger: logger) {
      try tls.makeContext(isForWeb: isForWeb)
    }
  }

  convenience init(_ tls: ClientTLS, logger: Logger) {
    self.init(files: tls.files, reloadInterval: tls.reloadInterval, logger: logger) { try tls.makeContext() }
  }

  /// Returns the context for a new connection.
  ///
  /// - Throws: ``RuntimeError`` when the files are invalid and there is no earlier context.
  func current() throws(RuntimeError) -> NIOSSLContext {
    try state.withLock { state throws(RuntimeError) in
      let now = NIODeadline.now()
      if let context = state.context, now < state.nextLook { return context }
      state.nextLook = now + interval
      let stamps = files.map(FileStamp.init)
      if let context = state.context, stamps == state.stamps { return context }
      do {
        let context = try make()
        if state.context != nil { logger.info("TLS files have changed; new connections use the new ones") }
        state.context = context
        state.stamps = stamps
        return context
      } catch {
        guard let context = state.context else {
          throw RuntimeError(.invalidConfiguration, "TLS cannot use \(files.joined(separator: ", "))", cause: error)
        }
        logger.warning("TLS files have changed and cannot be used", metadata: ["error": "\(error)"])
        return context
      }
    }
  }
}

/// Validates the result of a TLS handshake on both sides.
enum TLSHandshake {
  /// The protocol's name in ALPN (RFC 9113 section 3.1).
  static let http2 = "h2"
  /// The same of HTTP/1.1 (RFC 7301 section 6).
  static let http1 = "http/1.1"

  /// The handshake negotiated another protocol, or none.
  struct NoHTTP2: Error, CustomStringConvertible {
    var description: String { "the TLS handshake did not agree on HTTP/2" }
  }

  /// Returns whether `event` completes the handshake. Throws when the peer does not support HTTP/2.
  ///
  /// - Parameter allowsHTTP1: Whether HTTP/1.1 will do, agreed on or not.
  static func isComplete(_ event: Any, allowsHTTP1: Bool = false) throws(NoHTTP2) -> Bool {
    guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else { return false }
    guard negotiated == http2 || allowsHTTP1 else { throw NoHTTP2() }
    return true
  }

  /// Returns the peer's identity if it has a certificate.
  static func identity(_ context: ChannelHandlerContext) -> PeerIdentity? {
    let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    return certificate.flatMap { $0 }.flatMap(PeerIdentity.init)
  }
}

/// The files of this process's identity in PEM, as certificate authorities issue them.
public struct TLSIdentityFiles: Sendable, Hashable {
  /// The certificate, followed by the intermediate ones.
  public var certificateChain: String
  /// The certificate's private key, unencrypted.
  public var privateKey: String

  /// Makes an identity from paths.
  public init(certificateChain: String, privateKey: String) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }

  func load() throws -> (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource) {
    let chain = try NIOSSLCertificate.fromPEMFile(certificateChain).map { NIOSSLCertificateSource.certificate($0) }
    return (chain, .privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem)))
  }
}
