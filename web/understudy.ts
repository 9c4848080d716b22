import { createContext, createEffect, createSignal, getOwner, on, runWithOwner, useContext } from 'solid-js'
import { demoPortraits } from './camera/demo-head'
import type { Clips } from './clips/clips'
import { offerUnfinished } from './clips/unfinished'
import { createConsent } from './consent/consent'
import type { Generation } from './generate/generation'
import { createNavigation } from './navigation/navigation'
import { createOutputLink } from './output/output-link'
import { createInstall } from './platform/install'
import { offerInterrupted } from './recording/interrupted'
import { createRecorder } from './recording/recorder'
import { createSettings } from './settings/settings'
import { createSources } from './sources/sources'
import { createStudio, type InputKind } from './studio/studio'
import { COMPACT } from './ui/media-query'
import { createNotices } from './ui/notices'
import { pickFiles } from './ui/pick-files'
import { explain, wordsFor } from './words/errors'

export type Panel = 'machine' | 'settings' | 'help'

/** All stores of the page, introduced to one another. */
export function createUnderstudy() {
  const notices = createNotices()
  const complain = (error: unknown) => void notices.say('problem', explain(error))
  const navigation = createNavigation()
  const settings = createSettings(() => void notices.say('info', wordsFor('StorageUnavailableError')))
  const studio = createStudio({
    settings,
    isShown: () => navigation.page() === 'live',
    onNotice: (name, detail) => void notices.say('problem', wordsFor(name, detail)),
  })
  const sources = createSources({
    findFaces: async (image) => {
      await studio.opened
      return studio.api.findFaces(image)
    },
    setSource: async (source) => {
      await studio.opened
      return studio.api.setSource(source)
    },
    onNotice: (words) => void notices.say('info', words),
    onActive: (id) => settings.change({ sourceId: id }),
  })
  const consent = createConsent(settings)
  const recorder = createRecorder({ studio, settings, notices, navigation })
  const install = createInstall((accept) => {
    const words = { title: 'A new version is ready', text: 'Changing to it reloads the page.' }
    notices.say('info', words, {
      action: { label: 'Change now', run: accept },
      forMs: Number.POSITIVE_INFINITY,
    })
  })
  const outputLink = createOutputLink(studio.output, settings)
  const [panel, showPanel] = createSignal<Panel>()
  // On a phone it is a sheet over the picture, elsewhere a column.
  const [isInspectorOpen, showInspector] = createSignal(!matchMedia(COMPACT).matches)

  const restore = async () => {
    await settings.loaded
    const { sourceId, demoOffered } = settings.settings
    await sources.load().catch(() => undefined) // settings have said that nothing is stored
    void consent.ask()
    if (sources.state.cards.some(({ id }) => id === sourceId)) await sources.use(sourceId)
    if (demoOffered) return
    await studio.opened
    // Whoever brings a picture at once needs its face now, and the demo characters not before the next visit.
    if (sources.state.activeId || sources.state.reading > 0) return
    await sources.addDemo(await demoPortraits())
    settings.change({ demoOffered: true })
    const first = sources.state.cards[0]
    if (!sources.state.activeId && first) await sources.use(first.id)
  }
  // A studio that cannot open says so in the stage; what else fails here leaves the page usable.
  const restored = restore().catch((error) => studio.state.phase.name !== 'failed' && complain(error))

  // Not before everything that a visitor waits for.
  const [offered, setOffered] = createSignal<number>()
  void restored.then(() => offerInterrupted(recorder, notices)).then(setOffered, () => undefined) // nothing is stored here
  createEffect(() => {
    const id = offered()
    if (id !== undefined && navigation.page() === 'library') notices.dismiss(id) // the library asks the same
  })

  createEffect(
    on(consent.isGiven, (given) => {
      if (given || studio.state.phase.name === 'opening') return
      void studio.stop()
    }),
  )

  /** Starts, once consent is given. */
  const begin = async (kind: InputKind = settings.settings.input) => {
    // Which video it was last time is not remembered: browsers do not allow it.
    if (kind === 'file' && !studio.state.fileName) return takeFiles(await pickFiles('video/*', false))
    if (await consent.ask()) await studio.start(kind)
  }
  const toggle = () => (studio.isRunning() ? studio.stop() : begin())

  const addSource = async (file: File): Promise<void> => {
    if (await consent.ask()) await sources.add(file, nameOf(file)).catch(complain)
  }

  /** Pictures become sources; a video becomes the input, or a clip where the live page is not the one shown. */
  const takeFiles = async (files: readonly File[]) => {
    const isPicture = ({ type }: File) => !type.startsWith('video/')
    for (const file of files.filter(isPicture)) await addSource(file)
    const videos = files.filter((file) => !isPicture(file))
    if (navigation.page() !== 'live') return takeClips(videos)
    for (const file of videos) if (await consent.ask()) await studio.openFile(file).catch(complain)
  }

  const owner = getOwner()
  let loading: Promise<Clips> | undefined
  /** The stores of the clip page: fetched when they are first needed, there until the page closes. */
  const loadClips = (): Promise<Clips> => {
    loading ??= import('./clips/clips').then(({ createClips }) => {
      const isShown = () => navigation.page() === 'clip'
      const parts = { settings, studio, sources, consent, notices, isShown, complain, addSource }
      const clips = runWithOwner(owner, () => createClips(parts))
      if (!clips) throw new Error('The page is gone.')
      return clips
    })
    loading.catch(() => {
      loading = undefined // a connection that broke off may be back
    })
    return loading
  }

  void restored.then(() => {
    if (navigation.page() !== 'clip') offerUnfinished(notices, () => navigation.go('clip'))
  })

  /** Videos become clips, pictures become stills to swap. */
  const takeClips = async (files: readonly File[]) => {
    if (files.length === 0) return
    navigation.go('clip')
    await loadClips().then((clips) => clips.take(files), complain)
  }

  const [generation, setGeneration] = createSignal<Generation>()
  let loadingGeneration: Promise<Generation> | undefined
  /** The stores of Generate and Jobs: fetched when they are first needed, there until the page closes. */
  const loadGeneration = (): Promise<Generation> => {
    loadingGeneration ??= import('./generate/generation').then(({ createGeneration }) => {
      const made = runWithOwner(owner, () =>
        createGeneration({ navigation, settings, consent, notices, complain }),
      )
      if (!made) throw new Error('The page is gone.')
      setGeneration(made)
      return made
    })
    loadingGeneration.catch(() => {
      loadingGeneration = undefined // a connection that broke off may be back
    })
    return loadingGeneration
  }
  // Whoever wants to be told of ended jobs wants it on every page.
  void restored.then(() => {
    if (settings.settings.notifyOfJobs) loadGeneration().catch(() => undefined) // tried again by whoever opens the page
  })

  /** Pictures and videos are brought along to the Generate page. */
  const takeToGenerate = async (files: readonly File[]) => {
    if (files.length === 0) return
    navigation.go('generate')
    await loadGeneration().then(({ generate }) => generate.take(files), complain)
  }

  const removeSource = async (id: string) => {
    const name = sources.state.cards.find((card) => card.id === id)?.name
    const undo = await sources.remove(id)
    if (!undo) return
    const action = { label: 'Undo', run: () => void undo().catch(complain) }
    notices.say('info', { title: `Deleted “${name}”`, text: '' }, { action, forMs: 10_000 })
  }

  const saveSnapshot = async () => {
    try {
      const url = URL.createObjectURL(await studio.snapshot())
      const link = document.createElement('a')
      link.href = url
      link.download = `understudy-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}.png`
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
      notices.say('done', { title: 'Snapshot saved', text: link.download })
    } catch (error) {
      complain(error)
    }
  }

  return {
    notices,
    navigation,
    settings,
    studio,
    sources,
    consent,
    recorder,
    install,
    outputLink,
    restored,
    panel,
    showPanel,
    isInspectorOpen,
    showInspector,
    complain,
    begin,
    toggle,
    addSource,
    takeFiles,
    takeClips,
    loadClips,
    generation,
    loadGeneration,
    takeToGenerate,
    removeSource,
    saveSnapshot,
  }
}

export type Understudy = ReturnType<typeof createUnderstudy>

export const UnderstudyContext = createContext<Understudy>()

export function useUnderstudy(): Understudy {
  const understudy = useContext(UnderstudyContext)
  if (!understudy) throw new Error('useUnderstudy() outside the page')
  return understudy
}

/** A file's name as a person would say it. */
const nameOf = ({ name }: File): string =>
  name
    .replace(/\.[^.]+$/, '')
    .replace(/[_-]+/g, ' ')
    .trim()
    .slice(0, 40) || 'Pasted picture'
