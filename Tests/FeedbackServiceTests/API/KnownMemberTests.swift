import Basics
import FeedbackProto
import Foundation
import LoyaltyTestSupport
import MembersProto
import MembersTestSupport
import RPC
import ServiceKit
import Testing

@testable import FeedbackService

@Suite("Feedback is taken from members that there are")
struct KnownMemberTests {
  private func request(of member: UUID) -> FeedbackV1.SubmitFeedbackRequest {
    .new { $0.memberID = member.text }
  }

  @Test("of an unknown member it is refused, and nothing is stored")
  func nobody() async throws {
    try await MembersHarness.with { members in
      try await FeedbackUnderTest.with(members: members.address) { feedback in
        let nobody = UUID()
        let refusal = await expectReason("MEMBER_NOT_FOUND") {
          try await feedback.client.submitFeedback(request(of: nobody))
        }
        #expect(refusal?.code == .notFound)
        #expect(refusal?.info?.domain == "feedback.patron")
        #expect(refusal?.info?.metadata["member_id"] == nobody.text)
        for table in ["feedback", "request", "event"] {
          let rows = try await feedback.count(of: table)
          #expect(rows == 0, "\(table)")
        }
      }
    }
  }

  @Test("of a member registered a moment ago, suspended or not, it is taken")
  func registered() async throws {
    try await MembersHarness.with { members in
      try await FeedbackUnderTest.with(members: members.address) { feedback in
        let member = try await members.register()
        let first = request(of: member)
        let answer = try await feedback.client.submitFeedback(first)
        #expect(answer.feedback?.memberID == member.text)
        try await members.change(member, to: .suspended)
        _ = try await feedback.client.submitFeedback(request(of: member))
        #expect(try await feedback.client.submitFeedback(first) == answer)
        #expect(try await feedback.count(of: "feedback") == 2)
      }
    }
  }

  @Test("while members is unreachable, members who are known are served, and for others the caller may try again")
  func membersAway() async throws {
    try await FeedbackUnderTest.with { feedback in
      let refusal = await expectReason("MEMBERS_UNAVAILABLE") {
        try await feedback.client.submitFeedback(request(of: UUID()))
      }
      #expect(refusal?.code == .unavailable)
      let known = try await feedback.knownMember()
      _ = try await feedback.client.submitFeedback(.new { $0.memberID = known })
      _ = try await feedback.client.submitFeedback(.new())
      #expect(try await feedback.count(of: "feedback") == 2)
    }
  }
}
