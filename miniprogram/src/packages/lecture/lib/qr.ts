// The QR picture of a booking, drawn from the rows the server sends: no library, no request, sharp at any size.

/** Modules of white around the code, without which a scanner does not see it. */
const QUIET = 4

/** The rows (0 and 1) as a picture's address; each run of dark modules is one stroke. */
export function pictureOfRows(rows: string[]): string {
  const side = rows.length + 2 * QUIET
  const strokes = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${(run.index ?? 0) + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`))
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${side} ${side}' shape-rendering='crispEdges'><path fill='#fff' d='M0 0h${side}v${side}H0z'/><path fill='#000' d='${strokes.join('')}'/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
