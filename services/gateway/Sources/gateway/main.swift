import GatewayService
import ServiceKit

await ServiceRunner.main(Gateway.self)
