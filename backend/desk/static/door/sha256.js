// SHA-256 of a text as hex: the browser's own where the page came by https, else computed here.
const ROUNDS = 64;
const [FIRST, K] = constants();

export async function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  if (!globalThis.crypto?.subtle) return hex(digest(bytes));
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...found].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function sha256WithoutCrypto(text) {
  return hex(digest(new TextEncoder().encode(text)));
}

// The fraction bits of square and cube roots of the first primes, as the standard has them.
function constants() {
  const first = [];
  const k = [];
  for (let number = 2; k.length < ROUNDS; number += 1) {
    let divisor = 2;
    while (number % divisor) divisor += 1;
    if (divisor < number) continue;
    if (first.length < 8) first.push(fraction(number ** (1 / 2)));
    k.push(fraction(number ** (1 / 3)));
  }
  return [first, k];
}

function fraction(root) {
  return ((root % 1) * 2 ** 32) | 0;
}

function padded(bytes) {
  const data = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
  bytes.forEach((byte, at) => data.setUint8(at, byte));
  data.setUint8(bytes.length, 0x80);
  data.setUint32(data.byteLength - 4, bytes.length * 8);
  return data;
}

function digest(bytes) {
  const data = padded(bytes);
  let state = FIRST;
  for (let at = 0; at < data.byteLength; at += 64) state = block(state, schedule(data, at));
  return state;
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function schedule(data, at) {
  const w = Array.from({ length: 16 }, (_, i) => data.getInt32(at + 4 * i));
  for (let i = 16; i < ROUNDS; i += 1) {
    const a = w[i - 15];
    const b = w[i - 2];
    const low = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const high = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
  }
  return w;
}

function block(before, w) {
  let [a, b, c, d, e, f, g, h] = before;
  for (let i = 0; i < ROUNDS; i += 1) {
    const high = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + high + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const low = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + before[i]) | 0);
}

function hex(words) {
  return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
