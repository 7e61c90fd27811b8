// Words of the money step.

export const money = {
  title: '每个月欠您多少？',
  lead: ['一个月填一行。', '一分没发，', '就填 0。'],
  month: '月份',
  due: '该发（元）',
  paid: '发了（元）',
  owed: '还欠',
  add: '加一个月',
  remove: '去掉一个月',
  removeDone: '不去了',
  removeMonth: (name: string) => `删掉 ${name}`,
  changeDates: '改干活日期',
  changeTo: (amount: string) => `改成 ${amount}`,
  isRight: '没打错',
  total: '一共欠您',
  later: '填好后再算',
  request: '您的请求',
  requestLater: '填好上面的数，我们替您写一句。',
  requestEdit: '我来改一改',
  requestAuto: '用我们写的这句',
  roughly: ['记不准也能填。', '先写个大概，', '以后能补。'],
}
