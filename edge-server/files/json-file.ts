/** Small JSON files that are read through a schema and written in one step. */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as v from 'valibot'

/** Undefined where there is no such file, or its content is not as the schema says. */
export async function readJson<T extends v.GenericSchema>(
  path: string,
  schema: T,
): Promise<v.InferOutput<T> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return v.parse(schema, JSON.parse(text))
  } catch {
    return undefined // damaged: as good as absent
  }
}

/** Readers see the content from before or this one, also after a crash. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const written = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(written, JSON.stringify(value), { mode: 0o600, flush: true })
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
}
