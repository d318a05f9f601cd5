extension LoadKind {
  /// A sale that earns points.
  static let earn = LoadKind(
    name: "earn",
    summary: "a sale that earns points",
    faces: [.loyalty, .gateway],
    sells: true,
    standardWeight: { $0 == .loyalty ? 65 : 60 },
    draft: { till in
      let sale = till.newSale()
      return [LoadCall(kind: "earn") { try await $0.post(sale) }]
    }
  )
}
