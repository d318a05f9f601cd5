import Foundation

// What members who are suspended may not do.
extension Books {
  /// Refuses what a request asks for a member who may not do it. What a sale may earn is decided with the sale.
  func checkStanding(_ request: LedgerRequest) throws(BooksRefusal) {
    guard !suspended.isEmpty else { return }
    switch request.command {
    case .open, .reverse, .takeBack, .settle, .look: return
    case .move(let movement):
      if let trade = movement.operation.trade { try require(trade, of: request.member) }
    case .transfer(let transfer):
      try require(.spending, of: request.member)
      try require(.earning, of: transfer.to)
    case .post(let draft):
      if draft.receipt.pointsToRedeem > 0 { try require(.spending, of: request.member) }
    }
  }

  /// What becomes of what a sale to a member earns.
  func earning(of member: UUID) -> SuspensionRule.Earning {
    suspended.contains(member) ? suspension.earning : .allowed
  }

  private func require(_ trade: SuspensionRule.Trade, of member: UUID) throws(BooksRefusal) {
    guard !suspended.contains(member) || suspension.allows(trade) else {
      throw .memberSuspended(member: member, trade)
    }
  }
}
