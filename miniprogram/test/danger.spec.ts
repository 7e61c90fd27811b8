// A cry for help that has not been sent: whom to call is known without a network.
import { describe, expect, it } from 'vitest'
import { helpFor } from '@/lib/danger'

const numbers = (text: string) => helpFor(text).map((it) => it.phone)

describe('whom to call', () => {
  it.each(['想跳楼', '我不想活了', '我老公说要自杀', '有人掉下来 不动了', '工友流血止不住', '佢暈低咗 昏迷', '车间着火了'])('is the ambulance first for %s', (text) => {
    expect(numbers(text)).toEqual(['120', '110'])
  })
  it.each(['他们拿刀在砍人', '保安打我', '我要一把火烧了他的厂'])('is the police first for %s', (text) => {
    expect(numbers(text)).toEqual(['110', '120'])
  })
  it.each(['老板三个月没发工资', '去年从架子上掉下来摔断腿怎么赔', '触电受伤算工伤吗', '和同事打架被开除，打人的要赔吗', '合同没签怎么办', ''])('is nobody for %s', (text) => {
    expect(numbers(text)).toEqual([])
  })
})
