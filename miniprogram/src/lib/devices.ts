// The devices on which a worker is signed in.
import { call } from '@/api/call'
import type { components } from '@/api/api.gen'
import { signOut, workerToken } from './session'

export type Device = components['schemas']['SessionOut']

/** Every signed-in device, newest first; ApiProblem 401 when this one no longer is. */
export async function readDevices(): Promise<Device[]> {
  return (await call<{ sessions: Device[] }>('GET', '/me', { token: workerToken() })).sessions
}

/** Signs a device out; for this one, everything it kept goes too. */
export async function endDevice(device: Device): Promise<void> {
  if (device.is_current) return signOut()
  await call('DELETE', `/me/sessions/${device.id}`, { token: workerToken() })
}
