/// How one step of a long job gets on, as a line of text.
struct ProgressBar: Sendable {
  /// What is being done.
  var title: String
  /// How much there is to do.
  var total: Int

  /// "Receipts ━━━━━━━━╸           12,345 / 47,243  26%  1,204/s  0:29 left"
  func line(done: Int, elapsed: Duration, width: Int) -> String {
    let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    var figures = "\(Text.count(done)) / \(Text.count(total))  \(Int(share * 100))%"
    if rate > 0 {
      figures += "  \(Text.count(Int(rate)))/s"
      if done < total { figures += "  \(Self.clock(Double(total - done) / rate)) left" }
    }
    let room = min(40, width - title.count - figures.count - 4)
    guard room >= 8 else { return "\(title) \(figures)" }
    let filled = Int(share * Double(room))
    return "\(title) \(String(repeating: "━", count: filled))\(String(repeating: "·", count: room - filled)) \(figures)"
  }

  /// "1:05", of a number of seconds.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded(.up))
    return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
  }
}
