// The receipt as drawing steps for a canvas: exactly what is on the card, so nothing about employer, amount or telephone.
import { atBureau, parts, sayFullDate } from './dates'
import { receipt as words } from '@/texts/receipt'
import type { DateOut, ReceiptOut } from '@/api/types'

export type Stroke =
  | { kind: 'box'; x: number; y: number; width: number; height: number; fill: string }
  | { kind: 'text'; x: number; y: number; text: string; px: number; color: string; isBold?: boolean; isMono?: boolean; isCentred?: boolean }
  | { kind: 'tear'; y: number; width: number }

/** What the card shows; a case read again later may have no date left to come. */
export type ReceiptFace = Pick<ReceiptOut, 'lane' | 'number' | 'filed_at' | 'receipt_code' | 'digest'> & { next: DateOut | null }

export interface Picture { width: number; height: number; strokes: Stroke[] }

const WIDTH = 720
const SIDE = 40
const INK = '#1C2523'
const SOFT = '#46524F'
const BRAND = '#0B6557'
const SUN = '#7F4500'

/** The digest as two lines of four groups of eight. */
export function digestLines(digest: string): string[] {
  const groups = digest.match(/.{1,8}/g) ?? []
  return [groups.slice(0, 4).join(' '), groups.slice(4).join(' ')].filter(Boolean)
}

const CLOSING = '，。、；：！？）》」』'

/** Text broken into lines of at most `most` characters; a closing mark hangs at the end rather than begin a line. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  let line: string[] = []
  for (const letter of text) {
    if (line.length >= most && !CLOSING.includes(letter)) {
      lines.push(line.join(''))
      line = []
    }
    line.push(letter)
  }
  return line.length ? [...lines, line.join('')] : lines
}

/** The picture of a receipt. */
export function pictureOf(receipt: ReceiptFace, bureauName: string): Picture {
  const filed = atBureau(receipt.filed_at)
  const strokes: Stroke[] = []
  let y = 0
  const line = (text: string, px: number, color: string, more: { isBold?: boolean; isMono?: boolean; x?: number } = {}) => {
    y += Math.round(px * 1.5)
    strokes.push({ kind: 'text', x: more.x ?? SIDE, y, text, px, color, ...more })
  }
  const tear = () => {
    y += 34
    strokes.push({ kind: 'tear', y, width: WIDTH })
    y += 8
  }
  strokes.push({ kind: 'box', x: 0, y: 0, width: WIDTH, height: 150, fill: BRAND })
  y = 18
  line(receipt.lane === 'report' ? words.titleReport : words.titleComplaint, 42, '#FFFFFF', { isBold: true })
  line(bureauName, 28, '#EAF5F1')
  y = 160
  for (const [term, fact, isMono] of [
    [words.number, receipt.number, false],
    [words.time, `${sayFullDate(filed.on)} ${filed.time}`, false],
    [words.code, receipt.receipt_code, true],
  ] as const) {
    line(term, 27, SOFT)
    line(fact, 34, INK, { isBold: true, isMono })
    y += 8
  }
  tear()
  if (receipt.next) {
    y = drawDate(strokes, receipt.next, y)
    tear()
  }
  line(words.digest, 27, SOFT)
  for (const part of digestLines(receipt.digest)) line(part, 26, SOFT, { isMono: true })
  line(words.digestNote, 24, SOFT)
  return { width: WIDTH, height: y + 44, strokes }
}

function drawDate(strokes: Stroke[], next: DateOut, top: number): number {
  const on = parts(next.due_on)
  const box = { x: SIDE, y: top + 14, width: 140, height: 160 }
  const centre = { x: box.x + box.width / 2, isCentred: true }
  const ink = next.is_provisional ? SUN : INK
  strokes.push({ kind: 'box', ...box, fill: next.is_provisional ? '#FFF2DA' : '#E5F1ED' })
  strokes.push({ kind: 'box', ...box, height: 46, fill: next.is_provisional ? SUN : BRAND })
  strokes.push({ kind: 'text', ...centre, y: box.y + 33, text: `${next.is_provisional ? '约 ' : ''}${on?.month}月`, px: 27, color: '#FFFFFF', isBold: true })
  strokes.push({ kind: 'text', ...centre, y: box.y + 108, text: String(on?.day), px: 58, color: ink, isBold: true })
  strokes.push({ kind: 'text', ...centre, y: box.y + 146, text: on?.weekday ?? '', px: 25, color: ink })
  let y = top + 8
  const x = box.x + box.width + 26
  const write = (text: string, px: number, color: string, isBold = false) => {
    for (const part of wrap(text, Math.floor((WIDTH - x - SIDE) / px))) {
      y += Math.round(px * 1.45)
      strokes.push({ kind: 'text', x, y, text: part, px, color, isBold })
    }
  }
  write(next.title, 34, INK, true)
  write(next.sentence, 27, next.is_provisional ? SUN : SOFT)
  y = Math.max(y, box.y + box.height)
  const law = next.law ? `《${next.law.law}》${next.law.article}` : ''
  for (const text of wrap(law, 24)) {
    y += 40
    strokes.push({ kind: 'text', x: SIDE, y, text, px: 26, color: SOFT })
  }
  return y
}
