import FeedbackService
import ServiceKit

await ServiceRunner.main(FeedbackApplication.self)
