import FeedbackService
import ServiceKit

await ServiceRunner.main(FeedbackService.self)
