import Foundation
import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension PagePosition {
  /// Makes the key of a list in the order of time and ID.
  init(_ time: Date, _ id: UUID) {
    let microseconds = GoogleProtobuf.Timestamp(date: time).unixMicroseconds
    self.init([.int64(microseconds), .uuid(id)])
  }

  /// Parses such a key. A token with another key is from another version of the service.
  func timeAndID() throws(RPCError) -> (UnixMicroseconds, UUID) {
    do {
      return (UnixMicroseconds(try int64(0)), try uuid(1))
    } catch {
      throw CommonReason.pageTokenInvalid.error(domain: MembersReason.domain, field: "page_token")
    }
  }
}
