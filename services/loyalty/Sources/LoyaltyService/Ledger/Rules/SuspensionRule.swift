/// What members who are suspended may do. What is theirs or was promised before is not touched by it: returns, what is due
/// by time, holds that are captured or released, and what staff do by hand always count.
public struct SuspensionRule: Sendable, Hashable {
  /// Whether points and stored value can be spent.
  public enum Spending: String, Sendable, Hashable, CaseIterable {
    /// Nothing can be spent, set aside, transferred or paid out.
    case refused
    /// They are treated as everybody else.
    case allowed
  }

  /// Whether points are earned, given and received.
  public enum Earning: String, Sendable, Hashable, CaseIterable {
    /// Nothing is given or received; a sale that would earn points is refused as a whole.
    case refused
    /// Nothing is given or received; a sale is posted and earns nothing.
    case withheld
    /// They are treated as everybody else.
    case allowed
  }

  public var spending: Spending
  public var earning: Earning

  /// What a chain begins with: a suspended member can buy as anybody can, without points.
  public init(spending: Spending = .refused, earning: Earning = .withheld) {
    self.spending = spending
    self.earning = earning
  }

  /// What of a request a member in good standing alone may do.
  enum Trade: Sendable, Hashable {
    /// Gives something of the member's away.
    case spending
    /// Brings the member something.
    case earning
  }

  /// Whether a suspended member may do a trade. What a sale earns is decided by ``earning`` itself.
  func allows(_ trade: Trade) -> Bool {
    switch trade {
    case .spending: spending == .allowed
    case .earning: earning == .allowed
    }
  }
}

extension Movement.Operation {
  /// What a member must be in good standing for; nil if it is done in any standing.
  var trade: SuspensionRule.Trade? {
    switch self {
    case .debit, .hold, .withdraw: .spending
    // Money is not taken in that could not be spent.
    case .credit, .deposit: .earning
    // What was earned or promised before is kept: it is not made more by being activated, captured or released.
    case .activate, .cancel, .capture, .release: nil
    // Staff decide, and say why.
    case .give, .take: nil
    }
  }
}
