import CampaignsService
import ServiceKit

await ServiceRunner.main(CampaignsService.self)
