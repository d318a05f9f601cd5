import CLibPQ
import DequeModule

/// The approximate size in bytes of a piece of COPY TO.
private let chunkBytes = 65_536

extension Connection {
  /// Leaves pipeline mode for a script or a COPY. Precondition: nothing else is in flight.
  func startConversation(_ request: Request) {
    request.phase = .sent
    request.connection = self
    if let refusal = request.refusal { return owner.ended(request, with: .failure(refusal), on: self) }
    let text =
      switch request.work {
      case .script(let text), .copyIn(let text), .copyOut(let text): text
      default: ""
      }
    conversation = PlainConversation(request)
    guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, text) == 1 else { return fail(lastMessage) }
    flush()
  }

  /// Adds a request to the current COPY.
  func converse(_ request: Request) {
    request.phase = .sent
    request.connection = self
    guard conversation != nil else {
      var result = Result<Reply, PostgresError>.failure(.invalidUse("the COPY is over already"))
      if case .copyDiscard = request.work { result = .success(.nothing) }
      return owner.ended(request, with: result, on: self)
    }
    conversation?.pending.append(request)
    takeResults()
  }

  /// Advances one step. Returns false when it must wait for the server or for the client.
  func continueConversation() -> Bool {
    switch conversation?.stage {
    case .opening, .ending: continueResults()
    case .copyingIn: continueCopyIn()
    case .copyingOut: continueCopyOut()
    case .over: answerEnd()
    case nil: false
    }
  }

  private func continueResults() -> Bool {
    guard PQisBusy(handle) == 0 else { return false }
    guard let result = PQgetResult(handle) else {
      conversation?.stage = .over
      return true
    }
    switch PQresultStatus(result) {
    case PGRES_COPY_IN:
      PQclear(result)
      return copyInOpened()
    case PGRES_COPY_OUT:
      PQclear(result)
      guard let current = conversation?.current, case .copyOut = current.work else { return refuseCopy() }
      conversation?.stage = .copyingOut
      if !current.isFinished { answer(.success(.nothing)) }
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
      conversation?.affectedRows = ResultStorage(result).affectedRows
    default:
      let error = ServerError(result)
      PQclear(result)
      guard let error else {
        fail(lastMessage)
        return false
      }
      if error.isFatal { conversation?.current?.refusal = .server(error) }
      if conversation?.error == nil { conversation?.error = error }
    }
    return true
  }

  private func copyInOpened() -> Bool {
    guard let current = conversation?.current, case .copyIn = current.work else { return refuseCopy() }
    if current.isFinished {
      // The caller has gone and will send no rows.
      guard PQputCopyEnd(handle, "the client gave up") == 1 else { return giveUpCopy() }
      conversation?.stage = .ending
      flush()
    } else {
      conversation?.stage = .copyingIn
      answer(.success(.nothing))
    }
    return true
  }

  private func refuseCopy() -> Bool {
    fail("COPY was sent as a part of a script; use copyIn or copyOut")
    return false
  }

  /// Sends one piece, and the next when the socket has accepted it.
  private func continueCopyIn() -> Bool {
    guard !wantsWriting else { return false }
    if conversation?.current != nil { answer(.success(.nothing)) }
    guard let next = conversation?.pending.popFirst() else { return false }
    conversation?.current = next
    switch next.work {
    case .copyData(let bytes):
      guard !next.isFinished else { return true }
      let sent = bytes.withUnsafeBytes { bytes in
        PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
      }
      guard sent == 1 else { return giveUpCopy() }
      flush()
    case .copyEnd(let failure):
      guard PQputCopyEnd(handle, failure) == 1 else { return giveUpCopy() }
      conversation?.stage = .ending
      flush()
    default:
      answer(.failure(.invalidUse("a COPY FROM takes rows only")))
    }
    return true
  }

  private func giveUpCopy() -> Bool {
    fail(lastMessage)
    return false
  }

  private func continueCopyOut() -> Bool {
    conversation?.takeNext()
    guard let current = conversation?.current else {
      setReading(false)
      return false
    }
    var isDiscarding = current.isFinished
    if case .copyDiscard = current.work {
      isDiscarding = true
      startCancelling(now: Moment.now)
    }
    var chunk: [UInt8] = []
    while chunk.count < chunkBytes {
      var row: UnsafeMutablePointer<CChar>?
      let count = PQgetCopyData(handle, &row, 1)
      if count > 0, let row {
        if !isDiscarding { chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(count))) }
        PQfreemem(row)
      } else if count == -1 {
        conversation?.stage = .ending
        if !chunk.isEmpty { answer(.success(.bytes(chunk))) }
        return true
      } else if count == 0 {
        if chunk.isEmpty {
          setReading(true)
          return false
        }
        break
      } else {
        fail(lastMessage)
        return false
      }
    }
    answer(.success(.bytes(chunk)))
    return true
  }

  /// Reports the end to the client and returns to pipeline mode.
  private func answerEnd() -> Bool {
    conversation?.takeNext()
    guard let ended = conversation, let current = ended.current else { return false }
    conversation = nil
    setReading(true)
    guard PQenterPipelineMode(handle) == 1 else {
      conversation = ended
      return giveUpCopy()
    }
    headChanged()
    owner.ended(current, with: ended.result(for: current), on: self)
    for request in ended.pending {
      owner.ended(request, with: ended.result(for: request), on: self)
    }
    pump()
    return !isLost
  }

  private func answer(_ result: Result<Reply, PostgresError>) {
    guard let current = conversation?.current else { return }
    conversation?.current = nil
    owner.ended(current, with: result, on: self)
  }

  private func setReading(_ isReading: Bool) {
    guard !isLost, wantsReading != isReading else { return }
    wantsReading = isReading
    owner.interestChanged(self)
  }
}

extension PlainConversation {
  fileprivate func result(for request: Request) -> Result<Reply, PostgresError> {
    if case .copyDiscard = request.work { return .success(.nothing) }
    if let error { return .failure(.server(error)) }
    switch request.work {
    case .copyRead: return .success(.bytes(nil))
    case .copyEnd: return .success(.affected(affectedRows))
    default: return .success(.nothing)
    }
  }
}
