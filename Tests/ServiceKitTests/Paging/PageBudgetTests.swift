import ServiceKit
import Testing

@Suite("A page's budget")
struct PageBudgetTests {
  @Test("lets in as many records as fit")
  func letsInWhatFits() {
    #expect(PageBudget(maximum: 10).count(of: [3, 3, 4, 1]) == 3)
    #expect(PageBudget(maximum: 10).count(of: [3, 3, 5, 1]) == 2)
    #expect(PageBudget(maximum: 10).count(of: [1, 1]) == 2)
    #expect(PageBudget(maximum: 10).count(of: []) == 0)
  }

  @Test("lets in one record however large, so that a list comes to its end")
  func letsInOne() {
    #expect(PageBudget(maximum: 10).count(of: [11, 1]) == 1)
    #expect(PageBudget(maximum: 10).count(of: [.max, .max]) == 1)
  }
}
