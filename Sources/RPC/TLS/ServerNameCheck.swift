import NIOCore
import NIOSSL
import NIOTLS

/// Completes a client's handshake only when the server's certificate has the requested name.
///
/// NIOSSL also accepts a certificate for the address of the name. An attacker who can redirect the name may have a
/// certificate for its own address, so the requested name decides (RFC 9525 section 6).
final class ServerNameCheck: ChannelInboundHandler {
  typealias InboundIn = NIOAny

  struct WrongName: Error, CustomStringConvertible {
    let name: String
    var description: String { "the server's certificate is not for \(name)" }
  }

  private let name: String

  init(_ name: String) { self.name = name }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent, !isNamed(context) {
      return context.fireErrorCaught(WrongName(name: name))
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func isNamed(_ context: ChannelHandlerContext) -> Bool {
    let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    guard let certificate = shown.flatMap({ $0 }), let names = CertificateNames(certificate) else { return false }
    return names.dnsNames.contains { Self.matches(name, $0) }
  }

  /// Returns whether a certificate for `pattern` matches `name`. The whole first label may be `*` (RFC 9525 section
  /// 6.3).
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let labels = labels(of: name)
    let patternLabels = Self.labels(of: pattern)
    guard labels.count == patternLabels.count, !labels.contains("") else { return false }
    let isFirstFree = patternLabels.first == "*" && labels.count > 2
    return labels.dropFirst() == patternLabels.dropFirst() && (isFirstFree || labels.first == patternLabels.first)
  }

  private static func labels(of name: String) -> [String] {
    var labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if labels.count > 1, labels.last == "" { labels.removeLast() }
    return labels
  }
}
