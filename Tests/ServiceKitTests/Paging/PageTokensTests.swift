import Basics
import Foundation
import LoyaltyProto
import RPC
import Testing

@testable import ServiceKit

@Suite("Page tokens")
struct PageTokensTests {
  private let tokens = PageTokens(key: Array(repeating: 1, count: 32))
  private let position = PagePosition([.int64(-5), .uuid(UUID(high: 1, low: 2)), .text("苹果")])

  private func page(
    _ request: LoyaltyV1.ListEntriesRequest,
    _ tokens: PageTokens? = nil
  ) throws(RPCError) -> Page {
    try (tokens ?? self.tokens).page(request, size: \.pageSize, token: \.pageToken, domain: "loyalty.patron")
  }

  @Test("A page is cut to its size, or to what fits, and names the next only when rows are left")
  func cut() throws {
    let page = try page(LoyaltyV1.ListEntriesRequest(pageSize: 2))
    let key = { (row: Int64) in PagePosition([.int64(row)]) }
    #expect(page.cut([7, 8, 9], position: key) == ([7, 8], page.next(key(8))))
    #expect(page.cut([7, 8, 9], fitting: 1, position: key) == ([7], page.next(key(7))))
    #expect(page.cut([7, 8], position: key) == ([7, 8], ""))
    #expect(page.cut([7, 8], fitting: 1, position: key) == ([7], page.next(key(7))))
    #expect(page.cut([], fitting: 0, position: key) == ([], ""))
  }

  @Test("A token leads to the position it was made from")
  func roundTrip() throws {
    let first = try page(LoyaltyV1.ListEntriesRequest(memberID: "m"))
    #expect(first.position == nil && first.size == 50)
    let token = first.next(position)
    let second = try page(LoyaltyV1.ListEntriesRequest(memberID: "m", pageSize: 7, pageToken: token))
    #expect(second.position == position && second.size == 7)
  }

  @Test("The last page has no token")
  func last() throws {
    #expect(try page(LoyaltyV1.ListEntriesRequest()).next(nil).isEmpty)
  }

  @Test("A size above the most is the most, a negative one is refused")
  func sizes() throws {
    #expect(try page(LoyaltyV1.ListEntriesRequest(pageSize: 9_999)).size == 500)
    let error = #expect(throws: RPCError.self) { try page(LoyaltyV1.ListEntriesRequest(pageSize: -1)) }
    #expect(error?.code == .invalidArgument && error?.info?.reason == "OUT_OF_RANGE")
  }

  @Test("A token for other filters is refused")
  func otherFilters() throws {
    let token = try page(LoyaltyV1.ListEntriesRequest(memberID: "m")).next(position)
    refused { try page(LoyaltyV1.ListEntriesRequest(memberID: "n", pageToken: token)) }
  }

  @Test("A token of another key is refused")
  func otherKey() throws {
    let token = try page(LoyaltyV1.ListEntriesRequest()).next(position)
    let other = PageTokens(key: Array(repeating: 2, count: 32))
    refused { try page(LoyaltyV1.ListEntriesRequest(pageToken: token), other) }
  }

  @Test("A token with any bit changed, cut short or made up is refused")
  func tampered() throws {
    let token = try page(LoyaltyV1.ListEntriesRequest()).next(position)
    let bytes = try #require(Base64URL.decode(token))
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << bit
        let text = Base64URL.encode(changed)
        refused { try page(LoyaltyV1.ListEntriesRequest(pageToken: text)) }
      }
    }
    for count in 1..<token.utf8.count {
      let text = String(token.prefix(count))
      refused { try page(LoyaltyV1.ListEntriesRequest(pageToken: text)) }
    }
    for text in ["x", "====", token + "A", "++++", String(repeating: "A", count: 9_000), "\u{0}"] {
      refused { try page(LoyaltyV1.ListEntriesRequest(pageToken: text)) }
    }
  }

  private func refused(_ body: () throws -> Page, sourceLocation: SourceLocation = #_sourceLocation) {
    do {
      _ = try body()
      Issue.record("the token was accepted", sourceLocation: sourceLocation)
    } catch {
      #expect(
        CommonReason.pageTokenInvalid.rawValue == (error as? RPCError)?.info?.reason,
        sourceLocation: sourceLocation
      )
    }
  }
}
