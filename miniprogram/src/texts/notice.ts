// Words around the privacy notice; the notice itself comes from the bureau.

export const notice = {
  go: '知道了，开始填',
  more: '我的信息怎么用',
  less: '收起来',
  needed: '填之前，要先把您的信息怎么用说清楚。有网了再打开。',
  version: (version: string) => `版本 ${version}`,
}
