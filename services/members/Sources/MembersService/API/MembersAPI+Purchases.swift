import Foundation
import MembersProto
import RPC
import ServiceKit

extension MembersAPI {
  func listPurchases(
    _ request: MembersV1.ListPurchasesRequest,
    context: ServerContext
  ) async throws -> MembersV1.ListPurchasesResponse {
    let id = try memberID(request.memberID)
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: MembersReason.domain)
    let position = try page.position?.timeAndID(domain: MembersReason.domain)

    let found = try await purchases.page(
      ofMember: id,
      after: position.map(PurchaseStore.Position.init),
      size: page.size
    )
    if found.purchases.isEmpty, position == nil { try await checkKnown(id) }
    let last = found.hasMore ? found.purchases.last : nil
    return MembersV1.ListPurchasesResponse(
      purchases: found.purchases.map(\.message),
      nextPageToken: page.next(last.map { PagePosition($0.purchasedAt, $0.orderID) })
    )
  }

  func getPurchaseTotals(
    _ request: MembersV1.GetPurchaseTotalsRequest,
    context: ServerContext
  ) async throws -> MembersV1.GetPurchaseTotalsResponse {
    let id = try memberID(request.memberID)
    let totals = try await purchases.totals(ofMember: id)
    if totals == nil { try await checkKnown(id) }
    return MembersV1.GetPurchaseTotalsResponse(totals: (totals ?? .none).message)
  }

  /// Throws when the member is neither registered nor has any purchases. Called only when no purchase was found.
  private func checkKnown(_ id: UUID) async throws {
    guard try await members.exists(id) else { throw MembersReason.memberNotFound.error() }
  }
}
