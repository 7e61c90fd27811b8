// The list in memory: who a code or a number belongs to, who is in, and what to say of it.
const OURS = /^XH1[0-9a-z]{16}[0-9a-f]{16}$/;
const NUMBER = /^[Bb]?[-－—\s]*(\d{1,9})$/;
const TAIL = /^(\d{4}|0\d{0,8})$/;
const MOST_SHOWN = 40;
const CLOCK = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});

export const isOurs = (text) => OURS.test(text);
export const clockOf = (moment) => CLOCK.format(new Date(moment));

export function numberIn(text) {
  const found = NUMBER.exec(text.trim());
  return found ? `B-${Number(found[1])}` : null;
}

// Typed digits that are the end of a telephone before they are a booking's number.
export const isLikeTail = (text) => TAIL.test(text.trim());

export class Guests {
  constructor(data) {
    this.data = data;
    this.byId = new Map(data.expected.map((row) => [row.booking_id, row]));
    this.byHash = new Map(data.expected.map((row) => [row.code_hash, row]));
    this.givenBack = new Set(data.given_back);
    this.add([]);
  }

  // What the bureau knows now of who is in.
  tell(came, lecture) {
    const known = new Map(came.map((row) => [row.booking_id, row]));
    this.data.lecture = lecture;
    for (const row of this.data.expected) {
      row.attended = known.get(row.booking_id)?.attended ?? 0;
      row.attended_at = known.get(row.booking_id)?.attended_at ?? null;
    }
  }

  // On top of what the bureau knows: what this phone scanned and has not sent yet.
  add(waiting) {
    const there = this.data.expected.filter((row) => row.attended);
    this.came = new Map(there.map((row) => [row.booking_id, { people: row.attended, at: row.attended_at }]));
    this.walkIns = this.data.lecture.walk_ins;
    for (const scan of waiting) this.follow(scan);
  }

  follow(scan) {
    if (!scan.booking_id && !scan.code) this.walkIns = Math.max(0, this.walkIns + scan.people);
    const booking = this.byId.get(scan.booking_id);
    if (!booking) return;
    const before = this.came.get(booking.booking_id);
    if (scan.people === 0) this.came.delete(booking.booking_id);
    else if (!before || scan.people != null) {
      const people = Math.min(scan.people ?? booking.party, booking.party);
      this.came.set(booking.booking_id, { people, at: before?.at ?? scan.at });
    }
  }

  // Whom typed digits may mean: by the end of the telephone where they look like it, and by number.
  meant(text) {
    const digits = text.trim();
    const number = numberIn(digits);
    const isMeant = (row) => row.number === number || (isLikeTail(digits) && row.phone_tail.endsWith(digits));
    return this.data.expected.filter(isMeant);
  }

  // The one booking that typed digits mean, or null: two who fit are asked about, and so is
  // a number that nobody writes with a 0 before it.
  surelyMeant(text) {
    const digits = text.trim();
    const [row, other] = this.meant(text);
    return row && !other && (row.phone_tail === digits || !digits.startsWith('0')) ? row : null;
  }

  isIn(booking) {
    return this.came.has(booking.booking_id);
  }

  // What will become of a scan that names this booking, in the bureau's own words.
  judge(booking, people) {
    const before = this.came.get(booking.booking_id);
    const about = { booking_id: booking.booking_id, number: booking.number, party: booking.party };
    if (people === 0) return { ...about, result: 'in', title: '撤回了', words: `算没到，约了 ${booking.party} 人。`, attended: 0 };
    if (before && people == null) {
      const first = clockOf(before.at);
      const words = `这个码 ${first} 已经签过，到了 ${before.people} 人。`;
      return { ...about, result: 'again', title: `${first} 已经签过`, words, attended: before.people };
    }
    const attended = people ?? booking.party;
        return { ...about, result: 'in', title: `到了 ${attended} 人`, words: `约了 ${booking.party} 人。`, attended };
  }

  counts() {
    const rows = this.data.expected;
    const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
    return {
      came: sum(rows.map((row) => this.came.get(row.booking_id)?.people ?? 0)),
      booked: sum(rows.map((row) => row.party)),
      missing: rows.filter((row) => !this.isIn(row)).length,
      there: rows.filter((row) => this.isIn(row)).length,
    };
  }

  shown(text, wantsThere) {
    const words = text.trim().toLowerCase();
    const number = numberIn(text);
    const fits = (row) => !words
      || row.number === number
      || [row.number, row.name, row.org_name, row.phone_tail].some((part) => part.toLowerCase().includes(words));
    const rows = this.data.expected.filter((row) => (words || this.isIn(row) === wantsThere) && fits(row));
    return { rows: rows.slice(0, MOST_SHOWN), more: Math.max(0, rows.length - MOST_SHOWN) };
  }
}
