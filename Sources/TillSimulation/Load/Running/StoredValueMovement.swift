import Basics
import Foundation
import LoyaltyProto
import ServiceKit

/// Money that a till takes in for a member's stored value, or that the member pays with from it.
package struct StoredValueMovement: Hashable, Sendable {
  var requestID: UUID
  var memberNumber: Int
  var memberID: String
  /// The stored value's code.
  var asset: String
  /// What is paid in, in the currency's smallest unit; less than 0 if a sale is paid with it. Never 0.
  var minorUnits: Int64
}

extension LoyaltyV1.DepositRequest {
  /// Asks the points service to take money in.
  init(_ movement: StoredValueMovement) {
    self.init(
      requestID: movement.requestID.text,
      memberID: movement.memberID,
      asset: movement.asset,
      amount: movement.minorUnits
    )
  }
}

extension LoyaltyV1.DebitRequest {
  /// Asks the points service to have a sale paid.
  init(_ movement: StoredValueMovement) {
    self.init(
      requestID: movement.requestID.text,
      memberID: movement.memberID,
      asset: movement.asset,
      amount: -movement.minorUnits
    )
  }
}
