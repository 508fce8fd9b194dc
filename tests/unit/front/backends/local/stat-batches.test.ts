import { execFile } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { attributesFromRow } from '../../../../../src-main/front/backends/local/attributes.ts'
import { StatBatches } from '../../../../../src-main/front/backends/local/stat-batches.ts'
import {
  fieldsPerRow,
  rowKinds,
  type StatReply,
} from '../../../../../src-main/front/backends/local/stat-rows.ts'
import { systemClock } from '../../../../../src-main/lib/clock.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'

describe('asking about entries in batches', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mountbar-stat-'))
    await writeFile(join(dir, 'file'), 'content')
    await mkdir(join(dir, 'directory'))
    await symlink('file', join(dir, 'link'))
    await promisify(execFile)('mkfifo', [join(dir, 'fifo')])
  })
  afterEach(() => rm(dir, { recursive: true }))

  const names = ['file', 'directory', 'link', 'fifo', 'absent', 'x'.repeat(256)]

  /** The first answer comes when the thread has started; until then it is "nothing known". */
  const answerOf = (batches: StatBatches): Promise<StatReply> =>
    vi.waitFor(
      async () => {
        const reply = await batches.lstatAll({ dir, names })
        expect(reply.count).toBe(names.length)
        return reply
      },
      { timeout: 10_000 },
    )

  it('gives for each name, in order, what lstat gives', async () => {
    const { rows } = await answerOf(new StatBatches(systemClock))
    const kinds = names.map((_, index) => rows[index * fieldsPerRow])
    const { file, directory, unsettled, unlisted } = rowKinds
    expect(kinds).toEqual([file, directory, unsettled, unlisted, unlisted, unsettled])
    const stats = lstatSync(join(dir, 'file'))
    expect(attributesFromRow(rows, 0)).toEqual({
      kind: 'file',
      size: 7,
      modifiedMs: stats.mtimeMs,
      createdMs: stats.birthtimeMs,
      fileId: stats.ino,
    })
    expect(attributesFromRow(rows, fieldsPerRow)).toMatchObject({ kind: 'directory', size: 0 })
  })

  it('knows nothing while another directory is being asked about, and does not make it wait', async () => {
    const batches = new StatBatches(systemClock)
    await answerOf(batches)
    const first = batches.lstatAll({ dir, names })
    expect(await batches.lstatAll({ dir, names })).toMatchObject({ count: 0 })
    expect(await first).toMatchObject({ count: names.length })
  })

  it('knows nothing when the answer does not come in time', async () => {
    const clock = new FakeClock()
    const batches = new StatBatches(clock)
    await answerOf(batches)
    const impatient = batches.lstatAll({ dir, names: Array.from({ length: 100_000 }, () => 'file') })
    await clock.advance(60_000)
    expect(await impatient).toMatchObject({ count: 0 })
  })
})
