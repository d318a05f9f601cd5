import LoyaltyService
import ServiceKit

await ServiceRunner.main(Loyalty.self)
