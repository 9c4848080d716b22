/** Letting devices in, and out again. */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { renderSVG } from 'uqr'
import * as v from 'valibot'
import { describes, takes } from '../api/route'
import { Refusal } from '../errors'
import { letFinish } from './client'
import { giveCookie, takeCookie } from './cookie'
import { deviceName } from './device-name'
import type { Device, Devices } from './devices'
import type { PairingCodes } from './pairing-codes'

/** What the routes need of a server that the network can reach. */
export interface Network {
  readonly codes: PairingCodes
  readonly devices: Devices
  /** The address that a device opens to be paired by this code. */
  readonly link: (code: string) => string
}

const PairedDevice = v.pipe(
  v.object({ id: v.string(), name: v.string(), firstSeenMs: v.number(), lastSeenMs: v.number() }),
  v.metadata({ ref: 'Device' }),
)
const PairState = v.object({
  /** Whether the server lets devices of the network in at all. */
  lan: v.boolean(),
  client: v.picklist(['owner', 'device', 'stranger']),
})
const Redeem = v.object({ code: v.pipe(v.string(), v.maxLength(200)) })
const NewCode = v.object({
  url: v.string(),
  /** The address as a QR code: an SVG picture. */
  svg: v.string(),
  endsMs: v.number(),
})
const DeviceId = v.object({ id: v.pipe(v.string(), v.uuid('is not the id of a device')) })

const small = bodyLimit({
  maxSize: 1024,
  onError: () => {
    throw new Refusal(413, 'TooLarge', 'A code is shorter.')
  },
})

/**
 * /api/pair. `network` is undefined where only this machine can connect. It stands behind the guard, which lets strangers
 * ask for nothing but `GET` and `POST /`.
 */
export const pairRoutes = (network: Network | undefined) =>
  new Hono()
    .get('/', describes({ summary: 'Who asks', tag: 'pairing', answers: { 200: PairState } }), (c) =>
      c.json({ lan: network !== undefined, client: c.get('client').name }, 200),
    )
    .post(
      '/',
      describes({
        summary: 'Pair the device that asks',
        tag: 'pairing',
        answers: { 200: PairedDevice },
        refuses: [400, 409, 429],
      }),
      small,
      takes('json', Redeem),
      async (c) => {
        const { codes, devices } = mustBe(network)
        const client = c.get('client')
        if (client.name === 'owner') throw new Refusal(409, 'Conflict', 'This machine needs no pairing.')
        if (!codes.redeem(c.req.valid('json').code)) {
          throw new Refusal(401, 'NotPaired', 'This code was used already or has ended. Ask for a new one.')
        }
        const known = client.name === 'device' ? client.device.id : undefined
        const added = await devices.add(deviceName(c.req.header('User-Agent')), known)
        if (!added)
          throw new Refusal(409, 'Conflict', 'No more devices fit. Remove one on the computer first.')
        giveCookie(c, added.token)
        return c.json(added.device, 200)
      },
    )
    .post(
      '/code',
      describes({
        summary: 'A new pairing code; for the owner',
        tag: 'pairing',
        answers: { 200: NewCode },
        refuses: [409],
      }),
      (c) => {
        ownerOnly(c)
        const { codes, link } = mustBe(network)
        const { code, endsMs } = codes.make()
        const url = link(code)
        c.header('Cache-Control', 'no-store')
        return c.json({ url, svg: renderSVG(url, { border: 2 }), endsMs }, 200)
      },
    )
    .get(
      '/devices',
      describes({
        summary: 'The paired devices; for a device: itself',
        tag: 'pairing',
        answers: { 200: v.object({ devices: v.array(PairedDevice) }) },
      }),
      (c) => c.json({ devices: visible(c, network) }, 200),
    )
    .delete(
      '/devices/:id',
      describes({
        summary: 'Let a device in no more; a device may remove itself',
        tag: 'pairing',
        answers: { 204: undefined },
        refuses: [404],
      }),
      takes('param', DeviceId),
      async (c) => {
        const { id } = c.req.valid('param')
        if (!visible(c, network).some((device) => device.id === id)) {
          throw new Refusal(404, 'NotFound', 'There is no such device.')
        }
        if (c.get('client').name === 'device') {
          takeCookie(c)
          letFinish(c)
        }
        await mustBe(network).devices.remove(id)
        return c.body(null, 204)
      },
    )

function mustBe(network: Network | undefined): Network {
  if (network) return network
  throw new Refusal(
    409,
    'Conflict',
    'Only this machine can connect. Start the server with --lan to let a phone in.',
  )
}

function ownerOnly(c: Context): void {
  if (c.get('client').name === 'owner') return
  throw new Refusal(403, 'OwnerOnly', 'Do this on the computer that runs Understudy, at http://localhost.')
}

/** The owner sees all devices, a device only itself. */
function visible(c: Context, network: Network | undefined): readonly Device[] {
  const client = c.get('client')
  if (client.name === 'device') return [client.device]
  return client.name === 'owner' && network ? network.devices.list : []
}
