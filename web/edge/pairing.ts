/** Letting phones into the server: what it can be asked about that. */
import type { InferResponseType } from 'hono/client'
import { answered, api } from './edge'
import { refusalOf } from './refusals'

export type PairState = InferResponseType<typeof api.pair.$get, 200>
export type PairingCode = InferResponseType<typeof api.pair.code.$post, 200>
export type PairedDevice = InferResponseType<typeof api.pair.devices.$get, 200>['devices'][number]

/** Whether the server lets devices in, and who asks. */
export const askPairing = (): Promise<PairState> => answered(api.pair.$get())

/** A link that pairs one device once; for the owner only. */
export const newPairingCode = (): Promise<PairingCode> => answered(api.pair.code.$post())

/** All paired devices; for a paired device: itself. */
export const pairedDevices = async (): Promise<readonly PairedDevice[]> =>
  (await answered(api.pair.devices.$get())).devices

/** Lets a device in no more. */
export async function removeDevice(id: string): Promise<void> {
  const response = await api.pair.devices[':id'].$delete({ param: { id } })
  if (!response.ok) throw refusalOf(response.status, await response.text())
}
