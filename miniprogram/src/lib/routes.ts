// Addresses of the pages; only ids and step numbers ever stand in them, never a name or an amount.

export const routes = {
  home: '/pages/home/index',
  ask: '/pages/ask/index',
  mine: '/pages/mine/index',
  lanes: '/packages/complaint/lanes',
  notice: '/packages/complaint/notice',
  screening: '/packages/complaint/screening',
  form: (step: number) => `/packages/complaint/form?step=${Math.max(1, step)}`,
  receipt: (id: string) => `/packages/complaint/receipt?id=${id}`,
  evidence: (id: string) => `/packages/complaint/evidence?id=${id}`,
  tip: '/packages/report/form',
  tipReceipt: '/packages/report/receipt',
  timeline: (id: string) => `/packages/case/timeline?id=${id}`,
  lookup: '/packages/case/lookup',
}
