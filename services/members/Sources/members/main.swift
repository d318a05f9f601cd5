import MembersService
import ServiceKit

await ServiceRunner.main(Members.self)
