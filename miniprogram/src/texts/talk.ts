// Words of the messages inside a case.

export const talk = {
  title: '和承办人留言',
  lead: '换了承办人，这里的话也都在，不用再说一遍。',
  empty: '还没有留言。有什么想问的、想说的，写在下面。',
  today: '今天',
  box: '写给承办人',
  send: '发送',
  sendingNow: '正在发…',
  waiting: '没网，还没发出去。有网了自动发',
  waitingOurs: '还没发出去，不是您的错。会自动再发',
  refused: (why: string) => `没发出去：${why}`,
  edit: '改一改',
  drop: '不发了',
  tooLong: (count: number) => `太长了，有 ${count} 字，最多 2000 字，分两次发`,
  offline: '现在连不上，连上就更新。',
  hours: (text: string) => `上班时间 ${text}，看到就回您。急事打电话。`,
  noHours: '看到就回您。急事打电话。',
}
