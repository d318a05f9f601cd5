import Foundation
import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension PagePosition {
  /// The key of a list that goes by time and id.
  init(_ time: Date, _ id: UUID) {
    let microseconds = GoogleProtobuf.Timestamp(date: time).unixMicroseconds
    self.init([.int64(microseconds), .uuid(id)])
  }

  /// Reads such a key. A token that holds another one is from another version of the service.
  func timeAndID() throws(RPCError) -> (UnixMicroseconds, UUID) {
    do {
      return (UnixMicroseconds(try int64(0)), try uuid(1))
    } catch {
      throw CommonReason.pageTokenInvalid.error(domain: FeedbackReason.domain, field: "page_token")
    }
  }
}
