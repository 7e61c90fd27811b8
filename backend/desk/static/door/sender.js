// Sends what was scanned, in order, as soon as there is a network; asks for the list.
const TIMEOUT_MS = 15_000;
const MOST_AT_ONCE = 100;

// One request: ok with its document, or why not (offline, signed_out, refused with words).
export async function ask(address, init = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(address, {
      ...init, redirect: 'manual', signal: stop.signal, headers: { Accept: 'application/json', ...init.headers },
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { kind: 'signed_out' };
    if ([502, 503, 504].includes(answer.status)) return { kind: 'offline' };
    const body = await answer.json();
    return answer.ok ? { kind: 'ok', body } : { kind: 'refused', code: body.code, words: body.detail };
  } catch {
    return { kind: 'offline' }; // also the page of a hotel's wireless network, which is no JSON
  } finally {
    clearTimeout(timer);
  }
}

export class Sender {
  csrf = null;

  state = { kind: 'offline' };

  #running = null;

  #waiters = new Map();

  // `queue()` gives the waiting scans in order; `onTaken` hears of every answer.
  constructor({ address, queue, onTaken, onList, onState }) {
    Object.assign(this, { address, queue, onTaken, onList, onState });
  }

  async readList() {
    const answer = await ask(`${this.address}/list`);
    if (answer.kind === 'ok') {
      const { csrf, ...data } = answer.body;
      this.csrf = csrf; // held in memory only: it belongs to the session
      await this.onList(data);
    }
    this.#say(answer);
    return answer.kind === 'ok';
  }

  // The bureau's word on one scan, or null when it does not come in time.
  async resultOf(key, patience_ms) {
    const heard = new Promise((resolve) => { this.#waiters.set(key, resolve); });
    const tooLong = new Promise((resolve) => { setTimeout(() => resolve(null), patience_ms); });
    // a round that is under way may have looked into the queue before this scan was in it
    const round = this.#running ? this.#running.then(() => this.send()) : this.send();
    const result = await Promise.race([heard, tooLong, round.then(() => Promise.race([heard, null]))]);
    this.#waiters.delete(key);
    return result;
  }

  isAwaited(key) {
    return this.#waiters.has(key);
  }

  // Runs once at a time; whoever asks meanwhile waits until everything is sent.
  send() {
    this.#running ??= this.#sendAll().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #sendAll() {
    let batch;
    do {
      if (!this.csrf && !(await this.readList())) return;
      batch = (await this.queue()).slice(0, MOST_AT_ONCE);
      const answer = await this.#post(batch);
      this.#say(answer);
      if (answer.kind !== 'ok') return;
      const done = answer.body.results.filter(({ result }) => result !== 'later');
      await this.onTaken(batch, answer.body);
      for (const result of done) this.#waiters.get(result.key)?.(result);
      if (done.length < batch.length) return; // the bureau is busy: the next turn tries again
    } while ((await this.queue()).length);
  }

  async #post(batch) {
    const first = await this.#postOnce(batch);
    // signed in anew meanwhile: the token of the old session is void
    const isStale = first.kind === 'refused' && first.code === 'csrf';
    return isStale && (await this.readList()) ? this.#postOnce(batch) : first;
  }

  #postOnce(batch) {
    const now = Date.now();
    const scans = batch.map(({ key, code, booking_id, people, made }) => ({
      key, code, booking_id, people, age_s: Math.max(0, (now - made) / 1000),
    }));
    return ask(`${this.address}/scans`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrf },
      body: JSON.stringify({ scans }),
    });
  }

  #say(answer) {
    this.state = answer;
    this.onState(answer);
  }
}
