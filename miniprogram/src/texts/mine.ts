// Words of 我的.

export const mine = {
  title: '您好',
  signedIn: (phone: string) => `${phone} 已登录`,
  notSignedIn: '还没登录。投诉时填完再登录。',
  lookup: '查投诉办到哪一步',
  lookupNote: '凭回执编码查，不用登录',
  receipt: '回执',
  draft: '没填完的',
  draftNote: (days: number) => `只存在这台手机，还留 ${days} 天`,
  size: '字的大小',
  sizes: { 17: '标准', 22: '大', 30: '特大' },
  notice: '我的信息怎么用',
  clear: '清除草稿',
  clearAsk: '填的内容和选好的证据，都会从这台手机上删掉。',
  clearYes: '都删掉',
  clearNo: '不删',
  cleared: '没填完的已经删掉了',
  leave: '退出登录',
  left: '已经退出',
  leftHere: '这台手机已退出。网络断了，别的手机不受影响。',
}
