// The devices on which a worker is signed in.
import { call } from '@/api/call'
import type { components } from '@/api/api.gen'
import { workerToken } from './session'

export type Device = components['schemas']['SessionOut']

/** Every signed-in device, newest first; ApiProblem 401 when this one no longer is. */
export async function readDevices(): Promise<Device[]> {
  return (await call<{ sessions: Device[] }>('GET', '/me', { token: workerToken() })).sessions
}

/** Signs another device out; for this one there is leaving. */
export async function endDevice(device: Device): Promise<void> {
  await call('DELETE', `/me/sessions/${device.id}`, { token: workerToken() })
}
