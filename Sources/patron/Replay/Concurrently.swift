/// Does something with every element, with so many at a time. The first error ends the rest.
func concurrently<Element: Sendable>(
  _ elements: [Element],
  atOnce limit: Int,
  _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for (index, element) in elements.enumerated() {
      if index >= limit { try await group.next() }
      group.addTask { try await body(element) }
    }
    try await group.waitForAll()
  }
}
