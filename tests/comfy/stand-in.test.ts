/** What tests rely on in the stand-in, where no recordings are at hand; each is named after the talk it was seen in. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type StandIn, startStandIn } from './stand-in'

interface Message {
  readonly type: string
  readonly data: Record<string, unknown>
}

describe.each(['0.26.0', '0.3.64'] as const)('%s', (version) => {
  let box: StandIn
  const sockets: WebSocket[] = []
  beforeEach(async () => {
    box = await startStandIn({ version })
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate()
    await box.close()
  })

  test('01_image: the order of messages, and history only at the very end', async () => {
    const client = await connect('a')
    const id = await post(picture(), 'a')
    await expect.poll(() => client.types()).toContain('executing null')
    expect(client.types()).toEqual([
      'status',
      'feature_flags',
      'status',
      'status',
      'execution_start',
      'execution_cached',
      'progress_state',
      'executing 1',
      'progress_state',
      'progress_state',
      'executing 2',
      'executed',
      'progress_state',
      'execution_success',
      'status',
      'executing null',
    ])
    expect(await get(`/history/${id}`)).toMatchObject({
      [id]: {
        status: { status_str: 'success', completed: true },
        outputs: { 2: { images: [{ type: 'output' }] } },
      },
    })
  })

  test('02_image_cached: the same again runs nothing and tells the old file', async () => {
    const graph = picture()
    await post(graph, 'a')
    const client = await connect('a')
    const id = await post(graph, 'a')
    await expect.poll(() => client.types()).toContain('executing null')
    expect(client.find('execution_cached')?.data.nodes).toEqual(['1', '2'])
    expect(client.types()).not.toContain('executing 1')
    const history = (await get(`/history/${id}`)) as Record<string, { outputs: unknown }>
    expect(history[id]?.outputs).toMatchObject({ 2: { images: [{ filename: 'x_00001_.png' }] } })
  })

  test('04_invalid: an unknown node, and a graph of which a part runs', async () => {
    const unknown = await submit({ 1: { class_type: 'Nope', inputs: {} } }, 'a')
    expect(unknown.status).toBe(400)
    const { error } = (await unknown.json()) as { error: { type: string } }
    expect(error.type).toBe(version === '0.26.0' ? 'missing_node_type' : 'invalid_prompt')
    const partly = await submit(
      { ...picture(), 3: { class_type: 'SaveImage', inputs: { images: ['1', 0] } } },
      'a',
    )
    expect(partly.status).toBe(200)
    expect(await partly.json()).toMatchObject({
      node_errors: { 3: { errors: [{ type: 'required_input_missing', details: 'filename_prefix' }] } },
    })
    await expect.poll(() => box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  })

  test('06 and 07: what waits is deleted without a word, what runs is interrupted by its id', async () => {
    const held = box.hold()
    const client = await connect('a')
    const first = await post(picture(), 'a')
    const second = await post(picture(), 'a')
    await expect.poll(() => box.ran[0]?.outcome).toBe('running')
    await send('/queue', { delete: [first, second] }) // the first runs: ignored
    await send('/interrupt', { prompt_id: second }) // ignored
    expect(await get('/queue')).toMatchObject({
      queue_running: [expect.arrayContaining([0, first])],
      queue_pending: [],
    })
    await send('/interrupt', { prompt_id: first })
    held.release()
    await expect.poll(() => box.ran.map(({ outcome }) => outcome)).toEqual(['interrupted', 'deleted'])
    await expect.poll(() => client.types()).toContain('executing null')
    expect(client.types()).toContain('execution_interrupted')
    expect(await get(`/history/${second}`)).toEqual({})
    const history = (await get(`/history/${first}`)) as Record<string, { status: { messages: [string][] } }>
    expect(history[first]?.status).toMatchObject({ status_str: 'error', completed: false })
    expect(history[first]?.status.messages.at(-1)?.[0]).toBe('execution_interrupted')
  })

  test('09_ws_reconnect: a returning client is told the node; when the older of two closes, the newer is forgotten', async () => {
    const held = box.hold()
    await post(picture(), 'a')
    await expect.poll(() => box.ran[0]?.outcome).toBe('running')
    const older = await connect('a')
    await expect.poll(() => older.find('executing')).toEqual({ type: 'executing', data: { node: '1' } })
    const newer = await connect('a')
    older.socket.close()
    await expect.poll(() => box.sockets).toBe(1)
    held.release()
    await expect.poll(() => box.ran[0]?.outcome).toBe('succeeded')
    expect(newer.types()).not.toContain('execution_success')
    expect(newer.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('08 and 10: prompts of nobody are heard by all; previews are of two kinds', async () => {
    const flagged = await connect('flagged')
    const plain = await connect('plain', false)
    await post(picture('EdgeTestSlow'), undefined)
    await expect.poll(() => box.ran[0]?.outcome).toBe('succeeded')
    await expect.poll(() => plain.binaries).toHaveLength(1)
    await expect.poll(() => flagged.binaries).toHaveLength(1)
    expect(plain.types()).not.toContain('execution_start')
    expect(plain.types()).toContain('progress_state')
    expect(plain.binaries[0]?.readUInt32BE(0)).toBe(1)
    expect(flagged.binaries[0]?.readUInt32BE(0)).toBe(4)
  })

  test('13_server_killed: sockets break without a word, queue and history are gone, files are not', async () => {
    const form = new FormData()
    form.append('image', new Blob(['abc']), 'kept.png')
    await fetch(`${box.url}/upload/image`, { method: 'POST', body: form })
    const id = await post(picture(), 'a')
    await expect.poll(() => box.ran[0]?.outcome).toBe('succeeded')
    box.hold()
    await post(picture('EdgeTestSlow'), 'a')
    const client = await connect('a')
    await box.kill()
    await expect.poll(() => client.closeCode()).toBe(1006)
    await expect(fetch(box.url)).rejects.toThrow()
    await box.restart()
    expect(await get('/queue')).toEqual({ queue_running: [], queue_pending: [] })
    expect(await get(`/history/${id}`)).toEqual({})
    expect(await (await fetch(`${box.url}/view?filename=kept.png&type=input`)).text()).toBe('abc')
    expect(box.ran.map(({ outcome }) => outcome)).toEqual(['succeeded', 'lost'])
  })

  test('12_uploads: other bytes under a known name take another', async () => {
    const upload = async (bytes: string) => {
      const form = new FormData()
      form.append('image', new Blob([bytes]), 'a.png')
      return (await fetch(`${box.url}/upload/image`, { method: 'POST', body: form })).json()
    }
    expect(await upload('one')).toEqual({ name: 'a.png', subfolder: '', type: 'input' })
    expect(await upload('one')).toMatchObject({ name: 'a.png' })
    expect(await upload('two')).toMatchObject({ name: 'a (1).png' })
  })

  test('11_prompt_ids and 00_basics: ids, and pages of others', async () => {
    const odd = await send('/prompt', { prompt: picture(), prompt_id: 'job-42' })
    expect(odd.status).toBe(version === '0.26.0' ? 400 : 200)
    expect((await fetch(`${box.url}/queue`, { headers: { Origin: 'http://evil.example' } })).status).toBe(403)
    expect((await fetch(`${box.url}/api/jobs`)).status).toBe(version === '0.26.0' ? 200 : 404)
  })

  test('a long video takes no memory and is the same each time', async () => {
    await using long = await startStandIn({ version, videoBytes: 50_000_000 })
    const graph = {
      1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 1 } },
      2: { class_type: 'CreateVideo', inputs: { images: ['1', 0], fps: 16 } },
      3: {
        class_type: 'SaveVideo',
        inputs: { video: ['2', 0], filename_prefix: 'v', format: 'auto', codec: 'auto' },
      },
    }
    await fetch(`${long.url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt: graph }) })
    await expect.poll(() => long.ran[0]?.outcome).toBe('succeeded')
    const url = `${long.url}/view?filename=v_00001_.mp4`
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect(whole).toHaveLength(50_000_000)
    expect(whole.toString('latin1', 4, 8)).toBe('ftyp')
    const part = await fetch(url, { headers: { Range: 'bytes=70000-140000' } })
    expect(part.status).toBe(206)
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(70_000, 140_001))).toBe(true)
  })

  async function connect(clientId: string, sendsFlags = true) {
    const socket = new WebSocket(`${box.url.replace('http', 'ws')}/ws?clientId=${clientId}`)
    sockets.push(socket)
    const messages: Message[] = []
    const binaries: Buffer[] = []
    let closeCode: number | undefined
    socket.on('message', (data, isBinary) => {
      if (isBinary) binaries.push(data as Buffer)
      else messages.push(JSON.parse(String(data)))
    })
    socket.on('close', (code) => {
      closeCode = code
    })
    await new Promise((resolve) => socket.once('open', resolve))
    if (sendsFlags) {
      socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }))
      await expect.poll(() => messages.map(({ type }) => type)).toContain('feature_flags')
    }
    return {
      socket,
      binaries,
      closeCode: () => closeCode,
      find: (type: string) => messages.find((message) => message.type === type),
      types: () => messages.map(({ type, data }) => (type === 'executing' ? `${type} ${data.node}` : type)),
    }
  }

  async function post(graph: unknown, clientId: string | undefined): Promise<string> {
    const { prompt_id } = (await (await submit(graph, clientId)).json()) as { prompt_id: string }
    return prompt_id
  }
  function submit(graph: unknown, clientId: string | undefined): Promise<Response> {
    return send('/prompt', { prompt: graph, client_id: clientId })
  }
  function send(path: string, body: unknown): Promise<Response> {
    return fetch(box.url + path, { method: 'POST', body: JSON.stringify(body) })
  }
  async function get(path: string): Promise<unknown> {
    return (await fetch(box.url + path)).json()
  }
})

function picture(slow?: string) {
  const empty = { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 1 } }
  const save = (from: string) => ({
    class_type: 'SaveImage',
    inputs: { images: [from, 0], filename_prefix: 'x' },
  })
  if (!slow) return { 1: empty, 2: save('1') }
  return {
    1: empty,
    2: { class_type: slow, inputs: { image: ['1', 0], seconds: 0, steps: 1, preview: true, nonce: 1 } },
    3: save('2'),
  }
}
