// The cases this phone can open: those of the signed-in worker, and those filed here without signing in.
import { call } from '@/api/call'
import { useSession, workerToken } from './session'
import type { CaseBrief } from '@/api/types'

const MOST_SINGLE_CASES = 5

/** Cases to list, newest first; an empty list when nothing can be fetched (the page then shows its usual doors). */
export async function loadCases(): Promise<CaseBrief[]> {
  const token = workerToken()
  const own = token ? await ofWorker(token) : []
  const filedHere = await casesFiledHere(own)
  return [...own, ...filedHere].sort((a, b) => b.filed_at.localeCompare(a.filed_at))
}

/** Cases filed on this phone without signing in, but for those already `listed`. */
export async function casesFiledHere(listed: CaseBrief[]): Promise<CaseBrief[]> {
  const known = new Set(listed.map((it) => it.id))
  const single = useSession().filings.filter((it) => it.receipt.case_token && !known.has(it.id)).slice(0, MOST_SINGLE_CASES)
  return (await Promise.all(single.map((it) => ofCase(it.id, it.receipt.case_token!)))).flat()
}

async function ofWorker(token: string): Promise<CaseBrief[]> {
  try {
    return (await call<{ items: CaseBrief[] }>('GET', '/complaints', { token })).items
  } catch {
    return [] // offline or signed out: home stays usable, 我的 says which
  }
}

async function ofCase(id: string, token: string): Promise<CaseBrief[]> {
  try {
    const found = await call<CaseBrief & { dates: CaseBrief['next'][] }>('GET', `/complaints/${id}`, { token })
    return [{ ...found, next: found.dates[0] ?? null }]
  } catch {
    return []
  }
}
