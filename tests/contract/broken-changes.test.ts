import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openFileService } from '../../docker/bridge/agent/files/open-file-service.ts'
import { systemClock as agentClock } from '../../docker/bridge/lib/clock.ts'
import { BridgeAddresses } from '../../src-main/front/backends/bridge/bridge-address.ts'
import { createBridgeBackend } from '../../src-main/front/backends/bridge/bridge-backend.ts'
import type { Call } from '../../src-main/front/vfs/backend.ts'
import { createVfs } from '../../src-main/front/vfs/drive-vfs.ts'
import { parsePath } from '../../src-main/front/vfs/path.ts'
import type { Vfs } from '../../src-main/front/vfs/vfs.ts'
import { openUploadStore } from '../../src-main/front/vfs/uploads/store/open-upload-store.ts'
import { systemClock } from '../../src-main/lib/clock.ts'
import { BreakingLink, type Break } from '../harness/breaking-link.ts'

const token = 'c0ffee00'.repeat(8)
const call: Call = { signal: new AbortController().signal }
const at = parsePath

/** A file service over a folder, and a front's tree over it, with a link between them that can break. */
interface Broken {
  readonly dir: string
  readonly link: BreakingLink
  readonly vfs: Vfs
}

async function open(stack: AsyncDisposableStack): Promise<Broken> {
  const [dir, stateDir] = await Promise.all([tempDir(stack), tempDir(stack)])
  const service = stack.use(
    await openFileService(
      { rootDir: dir, token, readOnly: false, instanceId: undefined },
      { clock: agentClock, onFailure: () => undefined },
    ),
  )
  const link = stack.use(new BreakingLink(await service.listen(0, '127.0.0.1')))
  const addresses = new BridgeAddresses()
  addresses.set({ url: `http://127.0.0.1:${await link.listen()}`, token })
  const backend = stack.use(createBridgeBackend(addresses))
  const clock = systemClock
  const store = stack.use(openUploadStore({ stateDir, clock, maxBytes: 1024 ** 3, reserveBytes: 0 }))
  const vfs = stack.use(
    createVfs({
      backend,
      clock,
      stateDir,
      uploads: { store, mode: 'queued', hostName: 'test' },
      metadataTtlMs: 5_000,
      negativeTtlMs: 2_000,
      readOnly: false,
    }),
  )
  return { dir, link, vfs }
}

async function tempDir(stack: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'mountbar-broken-'))
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

const breaks = ['before', 'after'] as const satisfies readonly Break[]
const knowledge = [
  ['after looking', true],
  ['without looking, as after a restart', false],
] as const
const cases = breaks.flatMap((when) => knowledge.map(([how, looks]) => ({ when, how, looks })))

describe('a change whose connection to the agent breaks', () => {
  let stack: AsyncDisposableStack
  let opened: Broken

  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    opened = await open(stack)
    await writeFile(join(opened.dir, 'from'), 'content')
    await writeFile(join(opened.dir, 'to'), 'old')
    await mkdir(join(opened.dir, 'folder', 'below'), { recursive: true })
    await writeFile(join(opened.dir, 'folder', 'below', 'file'), 'text')
  })

  afterEach(() => stack.disposeAsync())

  it.each(cases)('renames, with the break $when the agent does it, $how', async ({ when, looks }) => {
    const { dir, link, vfs } = opened
    if (looks) await vfs.list(at('/'), call)
    link.breakNext('POST', when)
    await vfs.move(at('/from'), at('/to'), true, call)
    expect(link.left).toBe(0)
    expect(await readdir(dir)).toEqual(['folder', 'to'])
    expect(await readFile(join(dir, 'to'), 'utf8')).toBe('content')
  })

  it.each(cases)('removes, with the break $when the agent does it, $how', async ({ when, looks }) => {
    const { dir, link, vfs } = opened
    if (looks) await vfs.list(at('/'), call)
    link.breakNext('DELETE', when)
    await vfs.remove(at('/folder'), call)
    expect(link.left).toBe(0)
    expect(await readdir(dir)).toEqual(['from', 'to'])
  })

  it.each(cases)('makes a folder, with the break $when the agent does it, $how', async ({ when, looks }) => {
    const { dir, link, vfs } = opened
    if (looks) await vfs.list(at('/'), call)
    link.breakNext('POST', when)
    const made = await vfs.makeDirectory(at('/new'), call)
    expect(link.left).toBe(0)
    expect(made.kind).toBe('directory')
    expect(await readdir(dir)).toEqual(['folder', 'from', 'new', 'to'])
  })

  it('is made however often the connection breaks', async () => {
    const { dir, link, vfs } = opened
    await vfs.list(at('/'), call)
    link.breakNext('POST', 'before', 3)
    await vfs.move(at('/from'), at('/other'), true, call)
    expect(link.left).toBe(0)
    expect(await readdir(dir)).toEqual(['folder', 'other', 'to'])
  })
})
