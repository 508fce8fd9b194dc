import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Dav } from '../dav-client.ts'
import { parseMultistatus } from '../multistatus.ts'
import type { TreeState } from './tree-state.ts'

/** The state of `folder` (no slashes around it) as a client of the front sees it, contents included. */
export async function observeThroughFront(dav: Dav, folder: string): Promise<TreeState> {
  const state = new Map<string, string | null>()
  const visit = async (path: string): Promise<void> => {
    const answer = await dav('PROPFIND', `${folder}${path}/`, { headers: { Depth: '1' } })
    if (answer.status !== 207) throw new Error(`PROPFIND ${folder}${path}: ${answer.status}`)
    for (const { href, properties } of parseMultistatus(answer.text).slice(1)) {
      const child = `${path}/${href.replace(/\/$/, '').split('/').at(-1)!}`
      if (state.has(child)) throw new Error(`${child} is listed twice`)
      if (properties['resourcetype'] === 'collection') {
        state.set(child, null)
        await visit(child)
      } else state.set(child, await read(dav, `${folder}${child}`))
    }
  }
  await visit('')
  return state
}

/** The state of the folder at `dir` as the disk has it; what a killed backend has left half-written is not shown to anybody. */
export async function observeOnDisk(dir: string): Promise<TreeState> {
  const state = new Map<string, string | null>()
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.name.startsWith('.mountbar-')) continue
    const path = join(entry.parentPath, entry.name)
    state.set(path.slice(dir.length), entry.isDirectory() ? null : await readFile(path, 'utf8'))
  }
  return state
}

async function read(dav: Dav, path: string): Promise<string> {
  const answer = await dav('GET', path)
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status}`)
  return answer.text
}
