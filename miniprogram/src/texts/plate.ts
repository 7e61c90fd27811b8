// Words on and beside the date plate.

export const plate = {
  passed: '已过期限',
  about: (day: string) => `约 ${day}，以国务院公布的放假安排为准。`,
}
