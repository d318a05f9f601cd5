import CampaignsService
import ServiceKit

await ServiceRunner.main(Campaigns.self)
