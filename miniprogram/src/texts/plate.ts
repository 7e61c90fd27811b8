// Words on and beside the date plate.

export const plate = {
  passed: '已过期限',
}
