import MembersService
import ServiceKit

await ServiceRunner.main(MembersService.self)
