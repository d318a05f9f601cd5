import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  /// Which kind of asset a call is for.
  enum Kind {
    case points
    case money
  }

  /// Submits a movement to the ledger, and returns what moved.
  func move(_ movement: MovementCommand) async throws -> LoyaltyV1.Transaction {
    try movement.transaction(try await submit(movement.request))
  }

  /// What a movement asks of the ledger.
  ///
  /// - Throws: The refusals of fields, if any was refused.
  func command(
    _ request: some Message,
    _ fields: MovementFields,
    _ code: String,
    only kind: Kind? = nil,
    by adjustment: Movement.Adjustment? = nil,
    _ operation: () -> Movement.Operation
  ) async throws -> MovementCommand {
    try fields.checks.throwIfAny()
    let asset = try await asset(code, only: kind)
    return MovementCommand(
      request: LedgerRequest(
        id: fields.requestID,
        digest: try PayloadDigest(of: request).bytes,
        member: fields.memberID,
        command: .move(
          Movement(asset: asset.id, isMoney: asset.kind.isMoney, operation: operation(), adjustment: adjustment)
        )
      ),
      asset: asset
    )
  }

  /// The asset that the caller names; an empty name means points.
  func asset(_ code: String, only kind: Kind? = nil) async throws -> Asset {
    guard let asset = code.isEmpty ? .points : try await assets.asset(code) else {
      throw LoyaltyReason.assetNotFound.error(metadata: ["asset": code.quoted])
    }
    if let kind, asset.kind.isMoney != (kind == .money) {
      throw LoyaltyReason.wrongKindOfAsset.error(metadata: ["asset": asset.code])
    }
    return asset
  }
}

/// A movement, validated as far as that is possible without the ledger.
struct MovementCommand: Sendable {
  let request: LedgerRequest
  /// What moves.
  let asset: Asset

  /// The ledger's answer as the caller gets it.
  func transaction(_ answer: LedgerAnswer) throws -> LoyaltyV1.Transaction {
    guard case .moved(let recorded) = answer else { throw BrokenInvariant("a movement was answered otherwise") }
    return LoyaltyV1.Transaction(recorded, id: request.id, asset: asset.code)
  }
}

extension Asset {
  /// The programme's spendable points.
  static let points = Asset(id: .points, code: "points", kind: .points)
}

extension LoyaltyV1.Transaction {
  /// What a request did to one member's accounts of one asset, as callers see it.
  init(_ recorded: RecordedRequest, id: UUID, asset: String) {
    self.init(
      transactionID: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: Date(recorded.recordedAt)),
      postings: recorded.entries.map { entry in
        LoyaltyV1.Posting(
          type: LoyaltyV1.EntryType(entry.posting.type),
          asset: asset,
          amount: entry.posting.amount,
          available: entry.posting.available,
          bonusAmount: entry.posting.bonusAmount
        )
      }
    )
  }
}
