// Where a code on paper leads: WeChat and the plain web address both open the home page with its scene.
import { call } from '@/api/call'
import { routes } from './routes'
import type { components } from '@/api/api.gen'

type SceneOut = components['schemas']['SceneOut']
const PAGES: Record<string, (id: string) => string> = { lecture: routes.lecture, order: routes.lectureOrder }

/** The scene a page was opened with, or an empty string; WeChat gives it percent-encoded. */
export function sceneIn(query: Record<string, string | undefined> | undefined): string {
  const scene = query?.scene ?? ''
  try {
    return decodeURIComponent(scene)
  } catch {
    return scene // not encoded, and with a sign in it that looks as if: the server knows whether it is ours
  }
}

/** The page it leads to, or null where there is none for it. Rejects with ApiProblem 404 for a forged one. */
export async function pageOfScene(scene: string): Promise<string | null> {
  const { kind, id } = await call<SceneOut>('GET', `/scenes/${encodeURIComponent(scene)}`)
  return PAGES[kind]?.(id) ?? null
}
