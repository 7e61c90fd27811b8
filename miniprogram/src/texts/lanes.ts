// Words of the two lanes: what each gives and what it cannot give, said before anything is typed.

interface Point { icon: string; /** Phrases: a line breaks between them. */ text: string[]; isWeak?: boolean }

export const lanes = {
  title: ['您想要回工资，', '还是只想反映情况？'],
  lead: '先选一条路，再开始填。',
  complaint: {
    name: '投诉',
    tag: '要回自己的工资',
    points: [
      { icon: 'done', text: ['要写真名、电话，', '由您本人确认'] },
      { icon: 'done', text: ['法律定了：5 个工作日内答复您'] },
      { icon: 'done', text: ['每一步、每个日期都给您看'] },
      { icon: 'lock', text: ['您的电话和住址不给单位看'] },
    ] as Point[],
    note: '查您的工资，单位多半会知道是您。',
    go: '我要投诉',
  },
  report: {
    name: '举报',
    tag: '反映违法情况',
    points: [
      { icon: 'done', text: ['可以不留名，', '不用登录'] },
      { icon: 'shield', text: ['匿名的，', '我们不存微信、电话、位置'] },
      { icon: 'info', text: ['能查的我们会查，', '但不能帮您个人要工资'], isWeak: true },
      { icon: 'info', text: ['匿名的，', '查到什么没法告诉您'], isWeak: true },
    ] as Point[],
    go: '我要举报',
  },
  law: ['《广东省劳动保障监察条例》', '第三十四条至第三十九条'],
}
