/** A user's own workflows: files in a folder, read once at the start. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
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
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { workflows, faults }
}

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
  return declaredWorkflow(id, { graph, declaration, parts }, true)
}

async function readJson(path: string): Promise<unknown> {
  const { size } = await stat(path)
  if (size > MAX_FILE_BYTES) throw workflowFault('It is too large for a workflow.')
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw workflowFault('It is not valid JSON.')
  }
}
