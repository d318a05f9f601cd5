/// A program to run as a child, and how.
struct Command: Sendable {
  /// The path of the program.
  var executable: String
  /// What follows its name.
  var arguments: [String] = []
  /// Its whole environment.
  var environment: [String: String] = [:]
  /// The user to run it as, instead of ours.
  var user: SystemUser?
  /// The signal that the kernel sends to it when we die, whatever kills us.
  var deathSignal = "TERM"

  /// The words to execute. setpriv(1) of util-linux changes the user and asks the kernel for the signal of our death,
  /// then becomes the program itself.
  var words: [String] {
    var words = ["/usr/bin/setpriv"]
    if let user { words += ["--reuid=\(user.id)", "--regid=\(user.groupId)", "--clear-groups"] }
    return words + ["--pdeathsig", deathSignal, "--", executable] + arguments
  }
}
