/** The stand-in says what real servers said, talk by talk; where the recordings are not beside the project nothing is compared here. */
import { afterAll, describe, inject, test } from 'vitest'
import { ManualClock } from './clock'
import { placeFiles, replay } from './replay'
import { type StandIn, startStandIn } from './stand-in'
import { firstNumber, readTranscripts, takenGraphs } from './transcript'

const shared = inject('shared')

// Real models ran there: their pace, and which nodes tell their progress, is their own.
const withModels = /^2[0-3]_/

describe.runIf(shared).each(['0.26.0', '0.3.64'] as const)('replaying %s', (version) => {
  const transcripts = shared ? readTranscripts(shared, version) : []
  const ids = new Map<string, string>()
  const boxes = new Map<boolean, Promise<{ standIn: StandIn; clock: ManualClock }>>()

  /** One box for all talks with models, one for those without: they were had one after the other, too. */
  function boxFor(name: string) {
    const isRough = withModels.test(name)
    const alike = transcripts.filter((other) => withModels.test(other.name) === isRough)
    const graphs = alike.filter((other) => isRough || other.name === '18_vhs').flatMap(takenGraphs)
    const box = boxes.get(isRough) ?? start(graphs)
    boxes.set(isRough, box)
    return box
  }
  async function start(graphs: unknown[]) {
    const clock = new ManualClock()
    const standIn = await startStandIn({ version, clock, graphs, stepMs: 10, previews: false })
    placeFiles(standIn)
    // 23_packs_wan_animate: it found no weights, and was not let out to get them.
    standIn.behaviour.failing.set(
      'DownloadAndLoadSAM2Model',
      'Cannot find an appropriate cached snapshot folder',
    )
    return { clock, standIn }
  }

  afterAll(async () => {
    for (const box of boxes.values()) await (await box).standIn.close()
  })

  test.each(transcripts)('$name', async (transcript) => {
    const { standIn, clock } = await boxFor(transcript.name)
    if (firstNumber(transcript) === 0) await standIn.restart()
    await replay(transcript, standIn, clock, { ids, isRough: withModels.test(transcript.name) })
  })
})
