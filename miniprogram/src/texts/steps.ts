// Words of the step header.

export const steps = {
  now: (step: number) => `第 ${step} 步`,
  of: (total: number) => `，共 ${total} 步`,
  kept: '已存到手机',
  lost: '没存上，手机满了',
  names: ['我是谁', '单位', '干活', '欠多少', '经过', '证据', '核对'],
}
