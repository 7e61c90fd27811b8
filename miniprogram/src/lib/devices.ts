// The devices on which a worker is signed in.
import { call } from '@/api/call'
import { signOut, workerToken } from './session'

export interface Device { id: string; device: string; created_at: string; last_seen_at: string; is_current: boolean }

/** Every signed-in device, newest first; ApiProblem 401 when this one no longer is. */
export async function readDevices(): Promise<Device[]> {
  return (await call<{ sessions: Device[] }>('GET', '/me', { token: workerToken() })).sessions
}

/** Signs a device out; for this one, everything it kept goes too. */
export async function endDevice(device: Device): Promise<void> {
  if (device.is_current) return signOut()
  await call('DELETE', `/me/sessions/${device.id}`, { token: workerToken() })
}
