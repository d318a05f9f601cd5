extension LoadKind {
  /// A sale paid from a member's stored value, or money into it: one in five, and as long as nobody has paid in. Refused
  /// where the member has too little.
  static let storedValue = LoadKind(
    name: "stored_value",
    summary: "a sale paid from a member's stored value, or, one in five, 100.00 paid into it",
    faces: [.loyalty],
    sells: false,
    standardWeight: { _ in 5 },
    draft: { till in
      let depositor = till.number(in: 1...depositOneIn) == 1 ? nil : till.depositor()
      let sale = till.newSale(member: depositor)
      let movement = StoredValueMovement(
        requestID: sale.requestID,
        memberNumber: sale.memberNumber,
        memberID: sale.memberID,
        asset: till.plan.programme.storedValueAsset,
        minorUnits: depositor == nil ? depositMinorUnits : -sale.grossMinorUnits
      )
      return [LoadCall(kind: "stored_value") { try await $0.move(movement) }]
    }
  )

  /// One in how many is a deposit.
  private static let depositOneIn: Int64 = 5
  /// What is paid in: some six sales, so that most of four payments find enough and some do not.
  private static let depositMinorUnits: Int64 = 10_000
}
