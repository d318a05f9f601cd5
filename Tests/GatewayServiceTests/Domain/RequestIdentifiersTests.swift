import Basics
import Foundation
import Messages
import ServiceKit
import Testing

@testable import GatewayService

@Suite("Request ids that the gateway derives")
struct RequestIdentifiersTests {
  private let request = UUID(uuidString: "0190a5b0-7c1e-7abc-8def-0123456789ab")!
  private let member = UUID(uuidString: "0190a5b0-7c1e-7123-b456-ba9876543210")!

  @Test("opening an account on behalf of a request has an id of version 7, always the same")
  func derived() {
    let id = request.openingAccount(of: member)
    #expect(id.version == 7)
    #expect(id.uuid.8 >> 6 == 0b10)
    #expect(id == request.openingAccount(of: member))
    #expect(id.text.hasPrefix("0190a5b0-7c1e-7"))
  }

  @Test("another request or another member gives another id")
  func different() {
    let ids = [UUIDv7Generator().next(), UUIDv7Generator().next(), request].flatMap { request in
      [UUIDv7Generator().next(), UUIDv7Generator().next(), member].map { request.openingAccount(of: $0) }
    }
    #expect(Set(ids).count == 9)
    #expect(!ids.contains(request))
  }

  @Test("an id carries its time")
  func time() {
    #expect(request.mintedAtUnixMicroseconds == 0x0190_A5B0_7C1E * 1_000)
  }
}
