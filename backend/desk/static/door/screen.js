// What the door page shows: every state with an icon and a word, never by colour alone.
const find = (id) => document.getElementById(id);

const KINDS = {
  in: ['in', 'circle-check'], walk_in: ['in', 'users'], again: ['again', 'repeat'],
  unknown: ['wait', 'question-mark'], which: ['wait', 'question-mark'], checking: ['wait', 'hourglass'], hint: ['', 'qrcode'],
};
const REFUSED = ['no', 'circle-x'];

// An element with attributes, listeners (`onclick`) and children; text is only ever text.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export class Screen {
  constructor(icons) {
    this.icons = icons;
  }

  icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'i');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${this.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  // How many came, and of how many.
  tally({ came, booked, missing, there }, walkIns) {
    find('came').textContent = came + walkIns;
    find('booked').textContent = `约了 ${booked} 人${walkIns ? `，没预约 ${walkIns} 人` : ''}`;
    find('walk').textContent = walkIns;
    find('walk-less').disabled = walkIns === 0;
    find('missing').textContent = `没到 ${missing}`;
    find('there').textContent = `到了 ${there}`;
  }

  // Whether everything has arrived at the bureau, and what holds it up.
  net(state, waiting, readAt, signIn) {
    const line = find('net');
    const why = {
      offline: '没有网络，连上就送。', signed_out: '登录过期了，登录后接着送。', refused: state.words, ok: '正在送。',
    }[state.kind];
    line.classList.toggle('waits', waiting > 0 || state.kind !== 'ok');
    const link = state.kind === 'signed_out' ? make('a', { href: signIn }, '去登录') : null;
    if (waiting) line.replaceChildren(this.icon('upload'), make('span', {}, `还有 ${waiting} 条没送到。${why}`), link ?? '');
    else if (state.kind === 'ok') line.replaceChildren(this.icon('check'), `都送到了，名单 ${readAt} 读的`);
    else line.replaceChildren(this.icon('wifi-off'), make('span', {}, state.kind === 'offline' ? '没有网络，照样能签。' : why), link ?? '');
  }

  // One result in large words; `onChange(people)` puts the number right.
  card(verdict, who, onChange) {
    const [kind, icon] = KINDS[verdict.result] ?? REFUSED;
    const card = find('card');
    card.className = `d-card ${kind}`;
    card.dataset.result = verdict.result;
    const words = verdict.words === verdict.title ? null : make('p', {}, verdict.words);
    card.replaceChildren(
      make('p', { class: 'd-title' }, this.icon(icon), make('span', {}, verdict.title)),
      who ? make('p', { class: 'd-who' }, who) : '', words ?? '',
    );
    const canCount = verdict.booking_id && (verdict.result === 'in' || verdict.result === 'again');
    if (canCount && verdict.attended) card.append(...this.#count(verdict, onChange));
  }

  #count({ party, attended }, onChange) {
    let people = attended;
    const shown = make('output', { 'aria-live': 'polite' }, String(people));
    const save = make('button', { type: 'button', class: 'btn', hidden: '', onclick: () => onChange(people) });
    const step = (by, name, word) => make('button', {
      type: 'button', class: 'btn d-step', 'aria-label': word,
      onclick: () => {
        people = Math.min(party, Math.max(1, people + by));
        shown.textContent = people;
        save.textContent = `改成 ${people} 人`;
        save.hidden = people === attended;
      },
    }, this.icon(name));
    const undo = make('button', { type: 'button', class: 'btn ghost', onclick: () => onChange(0) }, '点错了，撤回');
    const count = [step(-1, 'minus', '少 1 人'), shown, step(1, 'plus', '多 1 人'), save];
    return [make('div', { class: 'd-count' }, ...(party > 1 ? count : []), undo)];
  }

  rows({ rows, more }, guests, onPick) {
    find('rows').replaceChildren(...rows.map((row) => this.#row(row, guests.came.get(row.booking_id), onPick)));
    const isEmpty = !rows.length;
    find('more').textContent = isEmpty ? '这里没有人。' : more ? `还有 ${more} 个，打编号或名字找。` : '';
  }

  #row(row, came, onPick) {
    const tail = row.phone_tail ? `尾号 ${row.phone_tail}` : '';
    const state = came
      ? make('span', { class: 'd-state' }, this.icon('check'), `到了 ${came.people} 人`)
      : make('span', { class: 'd-state' }, `${row.party} 人`);
    const about = [tail, row.org_name].filter(Boolean).join(' · ') || '没留单位';
    return make('li', {}, make(
      'button', { type: 'button', class: 'd-row', 'data-booking': row.booking_id, onclick: () => onPick(row) },
      make('span', {}, make('b', {}, row.number), ` ${row.name || '没写名字'}`), make('span', { class: 'sm sub' }, about), state,
    ));
  }

  // What the bureau said later and otherwise than this phone said at the door.
  notes(notes, onRead) {
    find('notes').replaceChildren(...notes.map((note) => make(
      'div', { class: 'note soon', role: 'status' }, this.icon('alert-triangle'),
      make('div', {}, make('b', {}, `${note.who}：${note.title}`), make('br'), `当时显示“${note.shown}”，送到后是：${note.words}`, make('br'),
        make('button', { type: 'button', class: 'btn sm', onclick: () => onRead(note) }, '知道了')),
    )));
  }

  notices(list) {
    find('notices').replaceChildren(...list.map(({ words, kind, button, onPress }) => make(
      'div', { class: `note ${kind}` }, this.icon(kind === 'over' ? 'alert-triangle' : 'info-circle'),
      make('div', {}, words, button ? make('br') : '', button ? make('button', { type: 'button', class: 'btn', onclick: onPress }, button) : ''),
    )));
  }
}
