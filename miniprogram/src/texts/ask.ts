// Words of 问一问.

export const ask = {
  title: '有话想问，找人问',
  lead: '打电话或者到窗口，都有人答。',
  call: (label: string, phone: string) => `${label} ${phone}`,
  hours: (text: string) => `上班时间 ${text}`,
  window: '到窗口',
  bringTitle: '带上这些，问得更清楚',
  bring: '工资条、聊天记录、工地名字。没有也能问。',
}
