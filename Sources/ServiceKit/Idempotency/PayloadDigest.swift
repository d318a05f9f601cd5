import Basics
import Crypto
public import Foundation
public import Messages
public import RPC

/// What makes two requests the same: SHA-256 over the request's type and its encoding. Every method has a request type
/// of its own, so the digest names the method too. The encoding is stable except for maps, which requests do not have.
/// Ids count the same in capitals and in small letters.
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
    Self.lowercaseIDs(UnsafeMutableRawBufferPointer(rebasing: piece[(name.count + 1)...]))
    var hash = SHA256()
    hash.update(bufferPointer: UnsafeRawBufferPointer(piece))
    bytes = hash.finalize().withUnsafeBytes { Array($0) }
  }

  /// Brings UUIDs written as text to small letters. In an encoded message their length, 36, stands before them.
  private static func lowercaseIDs(_ message: UnsafeMutableRawBufferPointer) {
    let length: UInt8 = 36
    for place in message.indices where message[place] == length && message.count - place > Int(length) {
      let text = UnsafeMutableRawBufferPointer(rebasing: message[place + 1...place + Int(length)])
      guard UUID(bytesOfText: UnsafeRawBufferPointer(text)) != nil else { continue }
      for index in text.indices where UInt8(ascii: "A")...UInt8(ascii: "F") ~= text[index] { text[index] |= 0x20 }
    }
  }

  /// The refusal of a request id that another request used before: `FAILED_PRECONDITION` with `REQUEST_ID_REUSED` and
  /// both digests, so that the two can be distinguished in logs.
  public static func reused(requestID: UUID, stored: [UInt8], given: [UInt8], domain: String) -> RPCError {
    CommonReason.requestIDReused.error(
      domain: domain,
      metadata: [
        "request_id": requestID.text, "first_payload_sha256": Hex.text(stored), "payload_sha256": Hex.text(given),
      ]
    )
  }
}
