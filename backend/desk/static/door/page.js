// The door page: takes codes, numbers and names, says at once what they are, and sends them.
import { Camera, Reader } from './camera.js';
import { Guests, clockOf, isLikeTail, isOurs, numberIn } from './guests.js';
import { Screen } from './screen.js';
import { Sender } from './sender.js';
import { sha256 } from './sha256.js';
import { dropNames, dropOld, isOver, keepPage, ofLecture, openStore } from './store.js';
import { CHECKING, FORGED, GIVEN_BACK, HINT, NOBODY, NOTICES, NOT_KEPT, NO_CODE, NO_SUCH, UNKNOWN, WHICH, keptWords, noCamera } from './words.js';

const PATIENCE_MS = 1200;
const EVERY_MS = 20_000;
const SHOWN_MS = 900_000;
const find = (id) => document.getElementById(id);
const { lecture, icons, decoder, signIn, worker, files } = find('main').dataset;
const screen = new Screen(icons);
const store = await openStore();
let list = null; // { lecture, data, ahead, read }
let guests = null;
let waiting = [];
let notes = ofLecture(await store.all('notes'), lecture);
let wantsThere = false;
let wasCleared = false;
let canReopen = false;
let latest = '';

const sender = new Sender({
  address: `/desk/lectures/${lecture}/door`,
  queue: async () => ofLecture(await store.all('scans'), lecture),
  onTaken: taken,
  onList: useList,
  onState: draw,
});

// --- the list -----------------------------------------------------------------------------

async function useList(data) {
  if (wasCleared) return; // it was asked for only to be let in again
  const now = Date.now();
  list = { lecture, data, ahead: Date.parse(data.now) - now, read: now };
  guests = new Guests(data);
  guests.add(waiting);
  await keepList();
  draw();
}

async function keepList() {
  if (wasCleared || !list) return;
  if (isOver(list) && !waiting.length) await dropNames(store, lecture);
  else await store.put('lists', list);
}

async function readAgain() {
  wasCleared = false;
  if (await sender.readList()) await makeReopenable();
  await sender.send();
}

async function clearPhone() {
  wasCleared = true;
  await dropNames(store, lecture);
  list = null;
  guests = null;
  notes = [];
  canReopen = false;
  camera.stop();
  screen.card(HINT);
  draw();
}

// After the lecture nothing is kept; a page left open forgets what it shows a little later.
async function dropIfOver() {
  await dropOld(store);
  const isLeft = list && isOver(list) && !waiting.length && Date.now() - list.read > SHOWN_MS;
  if (isLeft) await clearPhone();
}

async function makeReopenable() {
  if (wasCleared || !store.isLasting || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(worker, { scope: '/desk/lectures/' });
    const own = [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((tag) => tag.href || tag.src);
    canReopen = await keepPage([...own, icons, decoder, ...files.trim().split(/\s+/)]);
  } catch {
    canReopen = false; // the line under the list says that this page must stay open
  }
  draw();
}

// --- taking -------------------------------------------------------------------------------

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// Puts one scan into the queue, shows what it is, and corrects that when the bureau knows better.
async function take({ code, booking, people }, verdict) {
  const made = Date.now();
  const at = new Date(made + (list?.ahead ?? 0)).toISOString();
  const scan = { lecture, key: newKey(), code, booking_id: booking?.booking_id, people, made, at, shown: verdict };
  latest = scan.key;
  try {
    scan.seq = await store.put('scans', scan);
  } catch {
    show(NOT_KEPT, booking);
    return;
  }
  waiting.push(scan);
  guests?.add(waiting);
  if (sender.state.kind === 'ok') show(CHECKING, booking, scan.key);
  else show(verdict, booking, scan.key);
  draw();
  const result = await sender.resultOf(scan.key, PATIENCE_MS);
  show(result ?? verdict, booking, scan.key);
  if (result?.booking_id && !guests?.byId.has(result.booking_id) && !wasCleared) await sender.readList();
}

async function takeText(text) {
  const code = text.trim();
  if (!isOurs(code)) {
    latest = '';
    show(FORGED);
    return;
  }
  const hash = await sha256(code);
  const booking = guests?.byHash.get(hash);
  if (booking) await take({ booking }, guests.judge(booking));
  else await take({ code }, guests?.givenBack.has(hash) ? GIVEN_BACK : UNKNOWN);
}

// Nobody is let in by digits that fit two people: whoever stands at the door says which.
async function takeNumber(text) {
  if (!guests?.meant(text).length && sender.state.kind === 'ok' && !wasCleared) await sender.readList();
  const booking = guests?.surelyMeant(text);
  const several = guests?.meant(text) ?? [];
  if (booking || !several.length) emptyTyped();
  if (booking) await take({ booking }, guests.judge(booking));
  else if (several.length) askWhich(text, several);
  else show({ ...NO_SUCH, title: isLikeTail(text) ? `没有 ${text}` : `没有 ${numberIn(text)}` });
}

function askWhich(text, several) {
  latest = '';
  draw(); // the list may have been read again
  show({ ...WHICH, title: several.length > 1 ? `${text}：有 ${several.length} 个对得上` : `尾号没有 ${text}` });
  document.querySelector(`.d-row[data-booking="${several[0].booking_id}"]`)?.focus();
}

async function pick(booking) {
  latest = '';
  if (guests.isIn(booking)) show(guests.judge(booking), booking);
  else await take({ booking }, guests.judge(booking));
}

async function walk(people) {
  const count = Math.max(0, (guests?.walkIns ?? 0) + people);
  const title = `没预约 ${count} 人`;
  await take({ people }, { result: 'walk_in', title, words: `没预约来的，一共 ${count} 人。` });
}

function show(verdict, booking, key = '') {
  if (key !== latest && key) return; // somebody else stands at the door by now
  const row = booking ?? guests?.byId.get(verdict.booking_id);
  const who = row ? [row.number, row.name, row.org_name].filter(Boolean).join(' · ') : (verdict.number ?? '');
  screen.card(verdict, who, (people) => {
    const right = row ?? { booking_id: verdict.booking_id, number: verdict.number, party: verdict.party };
    take({ booking: right, people }, guests ? guests.judge(right, people) : { ...verdict, title: `改成 ${people} 人` });
  });
  if (verdict.result !== 'checking') feel(verdict.result);
}

function feel(result) {
  navigator.vibrate?.(['in', 'walk_in'].includes(result) ? 60 : [120, 60, 120]);
}

// --- what the bureau answers ----------------------------------------------------------------

async function taken(batch, body) {
  const results = new Map(body.results.map((result) => [result.key, result]));
  const done = batch.filter((scan) => !['later', undefined].includes(results.get(scan.key)?.result));
  for (const scan of done) await noteIfOther(scan, results.get(scan.key));
  await store.drop('scans', done.map((scan) => scan.seq));
  waiting = ofLecture(await store.all('scans'), lecture);
  if (list) {
    list.ahead = Date.parse(body.now) - Date.now();
    guests.tell(body.came, body.lecture);
    guests.add(waiting);
    await keepList();
  }
  if (done.length) await dropIfOver();
  draw();
}

async function noteIfOther(scan, result) {
  if (sender.isAwaited(scan.key) || scan.shown.result === result.result || wasCleared) return;
  const who = result.number || guests?.byId.get(scan.booking_id)?.number || `${clockOf(scan.at)} 扫的码`;
  const note = { key: scan.key, lecture, who, title: result.title, words: result.words, shown: scan.shown.title };
  notes.push(note);
  await store.put('notes', note);
  show(result, guests?.byId.get(scan.booking_id), scan.key);
}

async function readNote(note) {
  notes = notes.filter((one) => one.key !== note.key);
  await store.drop('notes', [note.key]);
  draw();
}

// --- drawing --------------------------------------------------------------------------------

function draw() {
  const isShut = list !== null && !list.data.lecture.is_open;
  document.body.classList.toggle('is-shut', isShut);
  document.body.classList.toggle('is-blank', list === null);
  screen.net(sender.state, waiting.length, list ? clockOf(list.read + list.ahead) : '', signIn);
  screen.notes(notes, readNote);
  screen.notices(noticesNow(isShut));
  if (guests) {
    screen.tally(guests.counts(), guests.walkIns);
    screen.rows(guests.shown(find('typed').value, wantsThere), guests, pick);
  } else find('rows').replaceChildren();
  find('clear').hidden = list === null;
  find('kept').textContent = keptWords(list, canReopen);
}

function noticesNow(isShut) {
  const isLost = !list && !wasCleared && sender.state.kind !== 'ok';
  return [
    isShut && NOTICES.shut,
    wasCleared && { ...NOTICES.cleared, onPress: readAgain },
    isLost && { ...NOTICES.noList, onPress: readAgain },
    !store.isLasting && NOTICES.forgetful,
    !globalThis.isSecureContext && NOTICES.notSecure,
  ].filter(Boolean);
}

// --- what fingers do ------------------------------------------------------------------------

const reader = new Reader(decoder);
const camera = new Camera(find('video'), reader, takeText);
function drawCamera() {
  find('camera').hidden = !camera.isOn;
  find('scan').querySelector('span').textContent = camera.isOn ? '关镜头' : '扫码';
}

async function toggleCamera() {
  if (camera.isOn) camera.stop();
  else {
    try {
      await camera.start();
    } catch (problem) {
      camera.stop();
      show(noCamera(problem.name));
    }
  }
  drawCamera();
}

async function readPhoto(event) {
  const [file] = event.target.files;
  if (!file) return;
  latest = '';
  show({ ...CHECKING, title: '在看照片' });
  let text = null;
  try {
    text = await reader.readPhoto(file);
  } catch {
    text = null; // no picture at all: the same words help
  }
  event.target.value = '';
  if (text) await takeText(text);
  else show(NO_CODE);
}

async function takeTyped(event) {
  event.preventDefault();
  const text = find('typed').value.trim();
  if (!text) return;
  const number = numberIn(text);
  const only = guests?.shown(text, wantsThere).rows ?? [];
  if (number) await takeNumber(text);
  else if (isOurs(text)) {
    emptyTyped();
    await takeText(text);
  } else if (only.length) document.querySelector('.d-row').focus();
  else show(NOBODY);
}

function emptyTyped() {
  find('typed').value = '';
  draw();
}

function choose(isThere) {
  wantsThere = isThere;
  find('missing').setAttribute('aria-pressed', String(!isThere));
  find('there').setAttribute('aria-pressed', String(isThere));
  draw();
}

find('find').addEventListener('submit', takeTyped);
find('typed').addEventListener('input', draw);
find('missing').addEventListener('click', () => choose(false));
find('there').addEventListener('click', () => choose(true));
find('walk-more').addEventListener('click', () => walk(1));
find('walk-less').addEventListener('click', () => walk(-1));
find('scan').addEventListener('click', toggleCamera);
find('scan').hidden = !navigator.mediaDevices?.getUserMedia;
find('photo').addEventListener('change', readPhoto);
find('clear').addEventListener('click', clearPhone);
addEventListener('online', () => sender.send());
addEventListener('pagehide', () => camera.stop());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) camera.stop();
  else turn();
  drawCamera();
});

async function turn() {
  await dropIfOver();
  if (!document.hidden && !(wasCleared && !waiting.length)) await sender.send();
}

// --- opening --------------------------------------------------------------------------------

await dropIfOver();
waiting = ofLecture(await store.all('scans'), lecture);
list = (await store.all('lists')).find((kept) => kept.lecture === lecture) ?? null;
if (list) {
  guests = new Guests(list.data);
  guests.add(waiting);
}
screen.card(HINT);
draw();
const prepared = reader.prepare();
if (await sender.readList()) await makeReopenable();
else canReopen = Boolean(navigator.serviceWorker?.controller);
await sender.send();
await prepared;
setInterval(turn, EVERY_MS);
document.documentElement.dataset.doorReady = 'yes';
draw();
