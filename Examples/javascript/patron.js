// Calls any method of Patron's gateway from a mini program, a web page or Node, with plain JSON and no build.
//
// const patron = new Patron("https://gateway.example");
// const {points} = await patron.call("patron.app.v1.AppService/GetBalance", {memberId});

export class PatronError extends Error {
  // code: "not_found", "resource_exhausted" …; reason: the stable name to decide by, such as "MEMBER_NOT_FOUND";
  // violations: the wrong fields of the request; retryAfterMilliseconds: when to try again, if that may help.
  constructor({code, message, details = []}) {
    super(message || code);
    const detail = (type) => details.find((entry) => entry.type === `google.rpc.${type}`)?.debug ?? {};
    this.code = code;
    this.reason = detail("ErrorInfo").reason ?? "";
    this.facts = detail("ErrorInfo").metadata ?? {};
    this.violations = detail("BadRequest").fieldViolations ?? [];
    const delay = detail("RetryInfo").retryDelay;
    this.retryAfterMilliseconds = delay ? 1000 * parseFloat(delay) : null;
  }
}

// A UUIDv7: what Patron wants as the requestId of everything that changes something. Make it once for each thing that is
// to happen, and send the same one again until there is an answer.
export function newRequestId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index)));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Patron {
  constructor(address, {timeoutMilliseconds = 10_000, attempts = 4, fetch = globalThis.fetch} = {}) {
    this.address = address.replace(/\/$/, "");
    this.timeoutMilliseconds = timeoutMilliseconds;
    this.attempts = attempts;
    this.fetch = fetch.bind(globalThis);
  }

  // Calls "package.Service/Method". A call that got no answer, or "unavailable", is sent again as it was: that is safe
  // because everything that changes something has a requestId.
  async call(method, request = {}) {
    const body = JSON.stringify(request);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(method, body);
      } catch (error) {
        const mayHelp = !(error instanceof PatronError) || error.code === "unavailable";
        if (!mayHelp || attempt === this.attempts) throw error;
        const pause = error.retryAfterMilliseconds ?? 100 * 2 ** attempt * Math.random();
        await new Promise((resume) => setTimeout(resume, pause));
      }
    }
  }

  async #once(method, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.timeoutMilliseconds);
    try {
      const answer = await this.fetch(`${this.address}/${method}`, {
        method: "POST",
        headers: {"content-type": "application/json", "connect-timeout-ms": String(this.timeoutMilliseconds)},
        body,
        signal: abort.signal,
      });
      const json = await answer.json();
      if (!answer.ok) throw new PatronError(json);
      return json;
    } finally {
      clearTimeout(timer);
    }
  }
}
