import LoyaltyService
import ServiceKit

await ServiceRunner.main(LoyaltyService.self)
