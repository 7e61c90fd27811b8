// Words of 问一问.

export const ask = {
  title: '问一问',
  human: '转人工',
  restart: '重新开始',
  wipe: '清掉这台手机上的对话',
  wiped: '这台手机上的对话清掉了。',
  older: '看更早的',
  today: '今天',
  mostAsked: '大家常问的',
  box: '写下您要问的',
  holder: '说说您的事',
  holderMore: '再补一句',
  send: '发送',
  tooLong: (count: number) => `太长了，有 ${count} 字，最多 2000 字，分两次问`,
  log: '对话',
  notLoaded: '现在连不上，以前的话没读出来',
  notLoadedHelp: '可以先问，连上就发。',
  broken: '以前的话没读出来，不是您的错',
  sendingNow: '正在发送…',
  slow: '网有点慢，还在发',
  waiting: '没网，还没发出去。有网了自动发',
  callNow: '没网也能打电话，有危险现在就打：',
  waitingOurs: '还没发出去，不是您的错。会自动再发',
  refused: (why: string) => `没发出去：${why}`,
  again: '再发一次',
  edit: '改一改',
  drop: '不发了',
  offices: '打电话，或者到窗口',
}

export const turn = {
  more: (count: number) => `再看 ${count} 条依据`,
  unverified: '未核实，以当地公布为准',
  reviewed: (month: string) => `${month}核对`,
  fill: '现在帮您填投诉',
  useful: '有用',
  useless: '没用',
  why: '哪里不对？',
  reasons: [
    { value: 'wrong', label: '说错了' },
    { value: 'unclear', label: '看不懂' },
    { value: 'not_my_case', label: '不是我的情况' },
    { value: 'other', label: '其他' },
  ] as const,
  thanks: '谢谢，记下了。',
  sorry: '谢谢，我们会改。要不要找人问？',
  notRated: '没记上，网络断了。再点一次。',
  near: '您可能还想问',
  whole: '看全部',
  fold: '收起',
  didYouMean: '您是想问这个吗？',
  staff: '工作人员',
  askPerson: '转人工',
  call: (label: string, phone: string) => `打 ${phone} ${label}`,
  handed: '已转给工作人员',
  taken: '工作人员正在看',
  answered: '工作人员已经回了',
  dueBy: (time: string) => `最晚 ${time} 前回您`,
  overdue: '过了说好的时间，我们在催。',
  hours: (text: string) => `上班时间：${text}`,
  carried: '上面的话都带过去了。',
  urgent: '也报了领导，看到就联系您。我们不是时时有人，别等我们，先打上面的电话。',
  closeIt: (phone: string) => `可以先关掉，回来还看得到。着急请打 ${phone}。`,
}

export const callMe = {
  label: '留个电话，我们打给您',
  help: '只给帮您的工作人员看，对话里会遮住。',
  wrong: '这不像手机号，看看有没有打错',
  go: '请他们打给我',
  mine: (phone: string) => `我的电话 ${phone}`,
}

export const human = {
  title: '转人工',
  lead: '上面的话都带过去，不用再说一遍。',
  text: '还想说的',
  phone: '留个电话，答了好告诉您',
  phoneWrong: '这不像手机号，看看有没有打错',
  go: '转给工作人员',
  no: '先不转',
}

export const wipe = {
  title: '清掉这台手机上的对话',
  lead: '上面说过的，这台手机上再也看不到，拿到手机的人也看不到。清了找不回来。我们那边到时间自动删。',
  waits: '有一件还等着工作人员回。清掉了，这里就看不到答复。要等答复，先别清。',
  go: '清掉',
  no: '先不清',
}

export const prefill = {
  fields: { age: '年龄', kind: '您是哪一种', employer: '单位', contact: '老板或包工头', from: '哪天开始干', to: '哪天走的', post: '做什么活', place: '干活的地方', contract: '合同', money: '月份和钱', facts: '经过' },
  contracts: { written: '签了', oral: '口头说的', none: '没签', unsure: '说不准' },
  monthly: (yuan: string) => `一个月 ${yuan} 元`,
  single: (month: string, yuan: string) => `${month} ${yuan} 元`,
  failed: '没读出来，网络断了。再点一次。',
  title: '您有一份投诉写了一半',
  lead: '有几处和聊天里说的不一样。',
  now: (text: string) => `表里：${text}`,
  chat: (text: string) => `聊天：${text}`,
  keep: '不改，只补空着的',
  change: '都换成聊天里的',
  no: '先不填',
  comes: '聊天里说过的，填表时会带上。您再看一遍，不对就改。',
}

export const account = {
  title: '把公众号和这里连起来',
  lead: '您在公众号里问过的，和在这里交的，都记在您一个人名下。有新消息，公众号会提醒您。',
  care: '链接要是别人发给您的，别点下面的按钮，不然您的消息会提醒到他那里。',
  go: '是我自己的公众号，连起来',
  no: '先不连',
  done: '连起来了',
  doneHelp: '以后有新消息，公众号会提醒您。',
  toMine: '看我的投诉',
  offline: '网络断了，有网了再点一次。',
  ours: '我们这边出了问题，没有连成，过几分钟再点一次。',
  broken: '这个链接不完整。请到公众号里回复“绑定”，点新的链接。',
  signInAgain: '登录过期了，请再登录一次，再点一下。',
}

export const article = {
  law: (law: string, number: string) => `《${law}》${number}`,
  version: (on: string) => `${on} 的版本`,
  gone: '没找到这一条',
  goneHelp: '可能已经更新，您可以直接问。',
  broken: '没打开，网络断了',
  toChat: '接着问',
}

export const offices = {
  title: '有话想问，找人问',
  lead: '打电话或者到窗口，都有人答。',
  call: (label: string, phone: string) => `${label} ${phone}`,
  hours: (text: string) => `上班时间 ${text}`,
  window: '到窗口',
  bringTitle: '带上这些，问得更清楚',
  bring: '工资条、聊天记录、工地名字。没有也能问。',
}
