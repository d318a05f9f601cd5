import Foundation
import Messages
import RPC
import TestAPI

/// How Connect's conformance runner starts a server: one request on standard input, one response on standard output
/// (connectrpc/conformance/v1/server_compat.proto).
struct ConformanceStart {
  typealias API = ConnectrpcConformanceV1

  /// What the runner asks for.
  let request: API.ServerCompatRequest
  /// The folder of the certificates' files, nil without TLS.
  private let folder: URL?

  /// A longer request is not one of the runner.
  private static let requestBytesMaximum = 1 << 20

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Reads the request from standard input.
  init() throws {
    let header = try Self.read(4)
    let length = header.reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.requestBytesMaximum else {
      throw Failure(description: "the request on standard input is too long")
    }
    request = try API.ServerCompatRequest(serializedBytes: try Self.read(length))
    folder = request.useTls ? try Self.makeFolder() : nil
  }

  private static func read(_ count: Int) throws -> [UInt8] {
    guard count > 0 else { return [] }
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let more = try FileHandle.standardInput.read(upToCount: count - bytes.count), !more.isEmpty else {
        throw Failure(description: "standard input ended inside of the request")
      }
      bytes += more
    }
    return bytes
  }

  private static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("interop-server-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    return folder
  }

  /// The server's TLS as the runner asks for it, nil for none.
  func makeTLS() throws -> ServerTLS? {
    guard request.useTls, let folder else { return nil }
    guard let credentials = request.serverCreds else {
      throw Failure(description: "TLS was asked for without a certificate")
    }
    let identity = TLSIdentityFiles(
      certificateChain: try write(credentials.cert, "certificate.pem", folder),
      privateKey: try write(credentials.key, "key.pem", folder)
    )
    guard !request.clientTlsCert.isEmpty else { return ServerTLS(identity: identity) }
    let authorities = try write(request.clientTlsCert, "authorities.pem", folder)
    return ServerTLS(identity: identity, clientCertificates: .required(authorities: authorities))
  }

  private func write(_ bytes: [UInt8], _ name: String, _ folder: URL) throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Reports where the server listens.
  func answer(_ address: ListenAddress) throws {
    guard case .tcp(let host, let port) = address else { throw Failure(description: "a TCP address is needed") }
    let response = API.ServerCompatResponse(
      host: host,
      port: UInt32(port),
      pemCert: request.serverCreds.map { request.useTls ? $0.cert : [] } ?? []
    )
    let bytes = try response.serializedBytes()
    let header = withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) }
    try FileHandle.standardOutput.write(contentsOf: Data(header + bytes))
  }

  /// Removes the files.
  func end() {
    if let folder { try? FileManager.default.removeItem(at: folder) }
  }
}
