import Basics
import CampaignsProto
import Foundation
import RPC
import ServiceKit

extension CampaignsAPI {
  func createCouponTemplate(
    _ request: CampaignsV1.CreateCouponTemplateRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.CreateCouponTemplateResponse {
    let command = try CreateTemplateCommand(request, times: requestTimes)
    return try await idempotency.once(command.requestID, request) { transaction in
      try await checkCurrency(of: command)
      let template = CouponTemplate(
        templateID: ids.next(),
        code: command.code,
        title: command.title,
        terms: command.terms,
        createdAt: clock.now
      )
      guard try await templates.insert(template, in: transaction) else {
        throw CampaignsReason.templateCodeTaken.error(metadata: ["code": command.code])
      }
      let answer = CampaignsV1.CouponTemplate(template)
      let event = CampaignsV1.CampaignEvent(
        recordedAt: answer.createdAt,
        kind: .couponTemplateCreated(CampaignsV1.CouponTemplateCreated(template: answer))
      )
      try await events.append(event, key: template.templateID.text, in: transaction)
      return CampaignsV1.CreateCouponTemplateResponse(template: answer)
    }
  }

  /// Throws when a template has another currency than the programme, since no order could use its coupons. Called only
  /// for a new template, so that a repeated request gets its answer whatever happens to the programme.
  private func checkCurrency(of command: CreateTemplateCommand) async throws {
    guard let field = command.currencyField, let currency = command.terms.currencyCode else { return }
    let programme = try await settlement.ledger.currencyCode()
    var fields = FieldChecks(domain: CampaignsReason.domain)
    fields.check(
      currency == programme,
      field,
      reason: .currencyMismatch,
      "give the amounts in \(programme), the programme's currency"
    )
    try fields.throwIfAny()
  }

  func getCouponTemplate(
    _ request: CampaignsV1.GetCouponTemplateRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.GetCouponTemplateResponse {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let templateID = fields.uuid("template_id", request.templateID)
    try fields.throwIfAny()
    guard let template = try await templates.template(templateID) else {
      throw CampaignsReason.templateNotFound.error(metadata: ["template_id": templateID.text])
    }
    return CampaignsV1.GetCouponTemplateResponse(template: CampaignsV1.CouponTemplate(template))
  }

  func listCouponTemplates(
    _ request: CampaignsV1.ListCouponTemplatesRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.ListCouponTemplatesResponse {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let code = fields.identifier("code", request.code, .templateCode, optional: true)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: CampaignsReason.domain)

    let rows = try await templates.templates(
      code: code.isEmpty ? nil : code,
      before: try page.position?.uuid(0),
      limit: page.size + 1
    )
    let (shown, nextToken) = page.cut(rows) { PagePosition([.uuid($0.templateID)]) }
    return CampaignsV1.ListCouponTemplatesResponse(
      templates: shown.map { CampaignsV1.CouponTemplate($0) },
      nextPageToken: nextToken
    )
  }
}
