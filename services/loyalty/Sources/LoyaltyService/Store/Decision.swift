/// What is to become of a request that may have come before.
enum Decision<Answer, New> {
  /// It came before: this is the answer.
  case answer(Answer)
  /// This is to be written.
  case write(New)
}
