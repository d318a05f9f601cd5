import Basics
import CampaignsProto
import CommonProto
import Foundation
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Coupon templates (C1)")
struct TemplateTests {
  @Test("a template is stored as created: amount, threshold, period (C2)")
  func creates() async throws {
    try await CampaignsHarness.with { campaigns in
      var template = CampaignsV1.CouponTemplate.amountOff(500, threshold: 5_000)
      template.validFrom = GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: 1_700_000_000))
      template.validBefore = GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: 1_800_000_000))
      let created = try await campaigns.create(template)
      #expect(created.benefit == template.benefit)
      #expect(created.threshold == .cny(5_000))
      #expect(created.validFrom == template.validFrom)
      #expect(created.validBefore == template.validBefore)
      let read = try await campaigns.client.getCouponTemplate(.init(templateID: created.templateID)).template
      #expect(read == created)
    }
  }

  @Test("a share is stored with its maximum, or without (C1)")
  func createsShares() async throws {
    try await CampaignsHarness.with { campaigns in
      for template in [CampaignsV1.CouponTemplate.percentOff(1_500, maximum: 2_000), .percentOff(10_000)] {
        let created = try await campaigns.create(template)
        #expect(created.benefit == template.benefit)
      }
    }
  }

  @Test("the same request gives the first answer again (M6)")
  func repeats() async throws {
    try await CampaignsHarness.with { campaigns in
      let request = CampaignsV1.CreateCouponTemplateRequest(
        requestID: campaigns.ids.next().text,
        template: .amountOff(500)
      )
      let first = try await campaigns.client.createCouponTemplate(request)
      #expect(try await campaigns.client.createCouponTemplate(request) == first)
    }
  }

  @Test("a code belongs to one template, also when twenty want it at once (C1)")
  func codes() async throws {
    try await CampaignsHarness.with { campaigns in
      let outcomes = try await atOnce(20) { _ in
        do {
          _ = try await campaigns.create(.amountOff(500, code: "CNY-2026-5OFF"))
          return ""
        } catch let error as RPCError {
          return error.info?.reason ?? "\(error)"
        }
      }
      #expect(outcomes.count { $0.isEmpty } == 1)
      #expect(outcomes.count { $0 == "TEMPLATE_CODE_TAKEN" } == 19)
    }
  }

  @Test("a template that is not known is distinguished (C1)")
  func unknown() async throws {
    try await CampaignsHarness.with { campaigns in
      let error = await expectReason("TEMPLATE_NOT_FOUND") {
        try await campaigns.client.getCouponTemplate(.init(templateID: UUID().text))
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test("lists newest first, by pages, and by code (C1)")
  func lists() async throws {
    try await CampaignsHarness.with { campaigns in
      var created: [CampaignsV1.CouponTemplate] = []
      for _ in 0..<5 { created.append(try await campaigns.create(.amountOff(500))) }
      var request = CampaignsV1.ListCouponTemplatesRequest(pageSize: 2)
      var listed: [CampaignsV1.CouponTemplate] = []
      repeat {
        let page = try await campaigns.client.listCouponTemplates(request)
        listed += page.templates
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(listed == created.reversed())
      let byCode = try await campaigns.client.listCouponTemplates(.init(code: created[2].code))
      #expect(byCode.templates == [created[2]])
    }
  }

  @Test("every field that is wrong is named (M19)")
  func validates() {
    func reasons(_ template: CampaignsV1.CouponTemplate?) -> [String: String] {
      do {
        let requestID = UUIDv7Generator().next().text
        _ = try CreateTemplateCommand(
          .init(requestID: requestID, template: template),
          times: RequestTimes(clock: .system)
        )
        return [:]
      } catch {
        let violations = (error as? RPCError)?.fieldViolations ?? []
        return Dictionary(violations.map { ($0.field, $0.reason) }) { first, _ in first }
      }
    }
    #expect(reasons(.amountOff(500)) == [:])
    #expect(reasons(.init(code: "X", title: "X")) == ["template.benefit": "REQUIRED"])
    #expect(reasons(.amountOff(0)) == ["template.amount_off.amount.minor_units": "OUT_OF_RANGE"])
    #expect(reasons(.percentOff(10_001)) == ["template.percent_off.basis_points": "OUT_OF_RANGE"])
    #expect(
      reasons(.percentOff(1, maximum: 0)) == ["template.percent_off.maximum_discount.minor_units": "OUT_OF_RANGE"]
    )
    var foreign = CampaignsV1.CouponTemplate.amountOff(500)
    foreign.threshold = CommonV1.Money(currencyCode: "USD", minorUnits: 1)
    #expect(reasons(foreign) == ["template.threshold.currency_code": "CURRENCY_MISMATCH"])
    var backwards = CampaignsV1.CouponTemplate.amountOff(500)
    backwards.validFrom = GoogleProtobuf.Timestamp(seconds: 2)
    backwards.validBefore = GoogleProtobuf.Timestamp(seconds: 2)
    #expect(reasons(backwards) == ["template.valid_before": "EMPTY_PERIOD"])
    #expect(reasons(nil)["template"] == "REQUIRED")
    var disguised = CampaignsV1.CouponTemplate.amountOff(.max)
    disguised.code = "SPRING\u{200B}"
    disguised.title = "\u{202E}ten off"
    #expect(
      reasons(disguised) == [
        "template.code": "IDENTIFIER_INVALID", "template.title": "BIDIRECTIONAL_CONTROL",
        "template.amount_off.amount.minor_units": "OUT_OF_RANGE",
      ]
    )
  }

  @Test("A template that no order could ever use is refused: its currency is not in use, or not the programme's")
  func currencies() async throws {
    try await CampaignsHarness.with { campaigns in
      for (currency, reason) in [("QQQ", "NOT_CURRENCY_CODE"), ("USD", "CURRENCY_MISMATCH")] {
        var threshold = CampaignsV1.CouponTemplate.percentOff(1_000)
        threshold.threshold = CommonV1.Money(currencyCode: currency, minorUnits: 100)
        let error = await #expect(throws: RPCError.self) { _ = try await campaigns.create(threshold) }
        #expect(error?.fieldViolations.map(\.field) == ["template.threshold.currency_code"])
        #expect(error?.info?.reason == reason)
      }
      _ = try await campaigns.create(.percentOff(1_000))
    }
  }

  @Test("A coupon that is valid until a moment is valid until the last nanosecond before it, and not at it")
  func cut() {
    let end = GoogleProtobuf.Timestamp(seconds: 1_700_000_000)
    let terms = CouponTerms(benefit: .amountOff(minorUnits: 1), validBefore: end.date)
    func refusal(_ sale: GoogleProtobuf.Timestamp) -> CouponRefusal.Reason? {
      terms.refusal(of: CouponOrder(grossMinorUnits: 1, currencyCode: "CNY", occurredAt: sale.date))
    }
    #expect(refusal(.init(seconds: 1_699_999_999, nanos: 999_999_999)) == nil)
    #expect(refusal(end) == .expired(before: end.date))
  }
}
