import AppProto
import Basics
import CommonProto
import PosProto
import RPC

/// A member's app in Swift, with Patron's own client: register, buy, read the balance.
@main
struct MemberApp {
  static func main() async throws {
    let address = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:7400"
    // Spread over all addresses of the gateway. What was UNAVAILABLE is sent again: everything that changes something is
    // idempotent by its request id.
    let serviceConfig = try ServiceConfig(
      json: """
        {"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": [{"name": [{}], "retryPolicy": {
          "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
          "retryableStatusCodes": ["UNAVAILABLE"]}}]}
        """
    )
    let channel = try Channel(target: address, configuration: ChannelConfiguration(serviceConfig: serviceConfig))
    let ids = UUIDv7Generator()
    let options = CallOptions(timeout: .seconds(10))
    let till = PosV1.PosServiceClient(channel)
    let app = AppV1.AppServiceClient(channel)

    do {
      let registered = try await till.registerMember(
        .init(requestID: ids.next().text, name: "韩梅梅", phone: "139\(Int.random(in: 10_000_000...99_999_999))"),
        options: options
      )
      guard let member = registered.member else { return }
      let sale = try await till.checkout(
        .init(
          requestID: ids.next().text,
          memberID: member.memberID,
          storeID: "store-1",
          receiptNumber: ids.next().text,
          lines: [
            .init(
              productID: "6901234567892",
              description: "纯牛奶 1L",
              quantityThousandths: 2000,
              amount: .init(currencyCode: "CNY", minorUnits: 2580)
            )
          ]
        ),
        options: options
      )
      print("sold, \(sale.pointsEarned) points earned")
      let balance = try await app.getBalance(.init(memberID: member.memberID), options: options)
      print("balance: \(balance.points) points")
    } catch let error as RPCError {
      // The reason is what to decide by; the message is for people.
      print("refused: \(error.info?.reason ?? ""): \(error.message)")
    }
    await channel.close()
  }
}
