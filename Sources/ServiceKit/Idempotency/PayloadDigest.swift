import Crypto
public import Foundation
public import Messages
public import RPC

/// What makes two requests the same: SHA-256 over the request's type and its encoding. Every method has a request type
/// of its own, so the digest names the method too. The encoding is stable except for maps, which requests do not have.
public struct PayloadDigest: Sendable, Hashable {
  /// The 32 bytes of the digest.
  public let bytes: [UInt8]

  /// The digest of a request.
  ///
  /// - Throws: ``Messages/MessageError`` when the request cannot be encoded.
  public init<Request: Message>(of request: Request) throws(MessageError) {
    let name = Request.messageType.fullName.utf8
    let arena = Arena(firstChunkBytes: 1_024)
    // The name, a zero byte and the encoding, in one piece.
    let piece = try request.serialize(in: arena, prefix: name.count + 1)
    piece.copyBytes(from: name)
    piece[name.count] = 0
    var hash = SHA256()
    hash.update(bufferPointer: UnsafeRawBufferPointer(piece))
    bytes = hash.finalize().withUnsafeBytes { Array($0) }
  }

  /// The refusal of a request id that another request used before: `FAILED_PRECONDITION` with `REQUEST_ID_REUSED` and
  /// both digests, so that the two can be told apart in logs.
  public static func reused(requestID: UUID, stored: [UInt8], given: [UInt8], domain: String) -> RPCError {
    CommonReason.requestIDReused.error(
      domain: domain,
      metadata: [
        "request_id": requestID.text, "first_payload_sha256": Hex.text(stored), "payload_sha256": Hex.text(given),
      ]
    )
  }
}
