/** A user's own workflows: files in a folder, read once at the start. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectInfo } from '../comfy/comfy'
import { declaredWorkflow } from './declared-workflow'
import { derivedDeclaration } from './derived-declaration'
import { checkDeclaration, parseDeclaration } from './faults'
import { parseGraph, workflowFault } from './graph'
import type { Parts } from './parts'
import type { Workflow } from './workflow'

const MAX_FILE_BYTES = 4 * 2 ** 20
const FILE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}\.json$/

export interface OwnWorkflows {
  readonly workflows: readonly Workflow[]
  readonly faults: readonly string[]
}

/** NAME.json is a graph in API format; NAME.about.json, where there is one, is its declaration. */
export async function readOwnWorkflows(
  folder: string,
  taken: ReadonlySet<string>,
  parts: Parts,
): Promise<OwnWorkflows> {
  const files = (await readdir(folder).catch(() => [])).sort()
  const workflows: Workflow[] = []
  const faults: string[] = []
  for (const file of files) {
    if (!file.endsWith('.json')) continue
    if (file.endsWith('.about.json')) {
      if (!files.includes(file.replace('.about.json', '.json')))
        faults.push(`${file}: there is no workflow beside it.`)
      continue
    }
    try {
      workflows.push(await readOne(folder, file, files, taken, parts))
    } catch (error) {
      faults.push(`${file}: ${faultOf(error)}`)
    }
  }
  return { workflows, faults }
}

/** What other errors say may name places on this machine. */
const faultOf = (error: unknown): string =>
  error instanceof Error && ['WorkflowFault', 'BadRequest'].includes(error.name)
    ? error.message
    : 'It cannot be read.'

async function readOne(
  folder: string,
  file: string,
  files: readonly string[],
  taken: ReadonlySet<string>,
  parts: Parts,
): Promise<Workflow> {
  if (!FILE_NAME.test(file)) throw workflowFault('Its name may have letters, digits, “-” and “_” only.')
  const id = file.slice(0, -'.json'.length)
  if (taken.has(id))
    throw workflowFault('A workflow of this name is already here: give the file another name.')
  const graph = parseGraph(await readJson(join(folder, file)))
  const about = `${id}.about.json`
  const declaration = files.includes(about)
    ? parseDeclaration(graph, await readJson(join(folder, about)), parts)
    : derivedDeclaration(id, graph)
  checkDeclaration(graph, declaration, parts)
  const workflow = declaredWorkflow(id, { graph, declaration, parts }, true)
  tryOut(workflow)
  return workflow
}

async function readJson(path: string): Promise<unknown> {
  const about = await stat(path)
  if (!about.isFile()) throw workflowFault('It is no file.')
  if (about.size > MAX_FILE_BYTES) throw workflowFault('It is too large for a workflow.')
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw workflowFault('It is not valid JSON.')
  }
}

/** Builds it in each quality and with each choice, for a box that has nothing: what is wrong is told now and not to a job. */
function tryOut({ card, check, build }: Workflow): void {
  const choices = card.parameters.flatMap((parameter) =>
    parameter.kind === 'choice' ? parameter.choices.map(({ value }) => ({ [parameter.name]: value })) : [],
  )
  const inputs = [card.inputs, card.inputs.filter(({ required }) => required)].map((list) =>
    Object.fromEntries(list.map(({ name }) => [name, '0'.repeat(64)])),
  )
  const files = Object.fromEntries(card.inputs.map(({ name }) => [name, 'trial']))
  const box: ObjectInfo = new Map()
  for (const { name: tier } of card.tiers) {
    for (const given of inputs) {
      for (const parameters of [{}, ...choices]) {
        const request = check({ workflow: card.id, tier, inputs: given, parameters, sentence: '' })
        build(request, files, box, 'trial')
      }
    }
  }
}
