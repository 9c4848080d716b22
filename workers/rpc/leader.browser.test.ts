/** Several leaders of one name in one thread: locks and channels treat them as they treat tabs. */
import { afterEach, expect, test } from 'vitest'
import { Leader } from './leader'

const all: Disposable[] = []
afterEach(() => {
  for (const one of all.splice(0)) one[Symbol.dispose]()
})

interface Tab {
  readonly leader: Leader<string, string>
  readonly done: string[]
  readonly news: string[]
  /** What onLead was told, once it was. */
  readonly before: boolean[]
}

async function openTab(name: string, refuse?: string): Promise<Tab> {
  const [done, news, before]: [string[], string[], boolean[]] = [[], [], []]
  const leader = await Leader.open<string, string>(name, {
    onLead: async (another) => void before.push(another),
    async carryOut(command) {
      if (command === refuse) throw Object.assign(new Error('No.'), { name: 'RefusedError' })
      done.push(command)
    },
    onNews: (word) => void news.push(word),
  })
  all.push(leader)
  return { leader, done, news, before }
}

test('the first one leads; the others hear of it and have their commands carried out there', async () => {
  const [first, second] = [await openTab('one'), await openTab('one')]
  expect([first.leader.leads, second.leader.leads]).toEqual([true, false])
  expect(first.before).toEqual([false])
  await second.leader.send('from the second')
  await first.leader.send('from the first')
  expect(first.done).toEqual(['from the second', 'from the first'])
  expect(second.done).toEqual([])
  first.leader.tell('news')
  await expect.poll(() => second.news).toEqual(['news'])
  expect(first.news).toEqual([])
})

test('a refusal comes back under its name', async () => {
  await openTab('two', 'bad')
  const second = await openTab('two')
  await expect(second.leader.send('bad')).rejects.toMatchObject({ name: 'RefusedError', message: 'No.' })
})

test('the next one takes over, knows that it does, and carries out what was left open', async () => {
  const first = await openTab('three')
  const [second, third] = [await openTab('three'), await openTab('three')]
  first.leader[Symbol.dispose]()
  await Promise.all([second.leader.send('a'), third.leader.send('b')])
  expect(second.leader.leads).toBe(true)
  expect(second.before).toEqual([true])
  expect(second.done.toSorted()).toEqual(['a', 'b'])
  expect(third.before).toEqual([])
})

test('one that opens while nobody is left begins anew', async () => {
  const first = await openTab('four')
  first.leader[Symbol.dispose]()
  const second = await openTab('four')
  expect(second.before).toEqual([false])
})
