import Basics
import CommonProto
public import Foundation
import LoyaltyTestSupport
public import MembersProto
import MembersService
import Postgres
import PostgresTestSupport
public import RPC
import ServiceKit

/// A real members service for one test: its own database, its own port, a client. It follows no ledger.
public struct MembersHarness: Sendable {
  public let client: MembersV1.MembersServiceClient
  /// The channel to the service.
  public let channel: any ClientChannel
  /// The address of the service.
  public let address: String
  private let ids = UUIDv7Generator()

  /// Runs a test beside a fresh members service.
  public static func with<Result>(_ body: (MembersHarness) async throws -> Result) async throws -> Result {
    try await TestDatabase.with(configure: { $0.session.searchPath = [MembersService.name] }) { database in
      try await migrate(database, MembersService.self)
      let kit = ServiceResources.forTesting(service: MembersService.name, database: database)
      let parts = try await MembersService.assemble(kit, MembersSettings())
      return try await serving(parts, as: MembersService.self) { channel in
        let address = (channel as? Channel)?.target.description ?? ""
        return try await body(
          MembersHarness(client: MembersV1.MembersServiceClient(channel), channel: channel, address: address)
        )
      }
    }
  }

  /// Registers a member.
  public func register() async throws -> UUID {
    let request = MembersV1.RegisterMemberRequest(requestID: ids.next().text, cardNumber: ids.next().text)
    let member = try await client.registerMember(request).member
    return UUID(text: member?.memberID ?? "") ?? .zero
  }

  /// Suspends a member, or reinstates one.
  public func change(_ member: UUID, to status: MembersV1.MemberStatus) async throws {
    var changed = try await client.getMember(.init(memberID: member.text)).member
    changed?.status = status
    _ = try await client.updateMember(
      .init(requestID: ids.next().text, member: changed, updateMask: GoogleProtobuf.FieldMask(paths: ["status"]))
    )
  }
}
