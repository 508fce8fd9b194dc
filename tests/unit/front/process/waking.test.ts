import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { talkTo } from '../../../../src-main/front/process/control-peer.ts'
import { FrontEvents } from '../../../../src-main/front/process/front-events.ts'
import { startFront } from '../../../../src-main/front/process/front.ts'
import { frontConfigSchema, type FrontCommand } from '../../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FaultBackend } from '../../../fakes/fault-backend.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor } from '../../../harness/wait-for.ts'

async function* oneCommand(command: FrontCommand): AsyncGenerator<FrontCommand> {
  yield await Promise.resolve(command)
}

test('a front that is told to wake asks its backend and sends what waits, at once', async () => {
  await using temp = await makeTempDir('waking')
  const rootDir = join(temp.dir, 'root')
  await mkdir(rootDir)
  // A clock that stands still: no pause ends by itself.
  const clock = new FakeClock()
  let faults: FaultBackend | undefined
  const config = frontConfigSchema.parse({
    driveId: 'd',
    driveName: 'D',
    port: 0,
    pathSecret: '0'.repeat(32),
    backend: { kind: 'local', rootDir, durable: false },
    stateDir: join(temp.dir, 'state'),
    diskReserveBytes: 0,
  })
  const front = await startFront(config, clock, new FrontEvents(), {
    wrapBackend: (backend) => (faults = new FaultBackend(backend, clock)),
  })
  try {
    const fault = faults?.inject({ effect: { kind: 'error', code: 'backend-failed' }, methods: ['write'] })
    const put = await fetch(`${front.url}file.txt`, { method: 'PUT', body: 'text' })
    expect(put.status).toBe(201)
    await waitFor(() => front.uploads.list()[0]?.attempts === 1, { what: 'the first delivery to fail' })
    fault?.[Symbol.dispose]()
    const asked = faults?.calls.statfs ?? 0

    const endings = { shutdown: () => undefined, drain: () => undefined }
    const peer = { commands: oneCommand({ type: 'wake' }), say: () => undefined }
    await talkTo(peer, front, clock, endings)
    await waitFor(() => front.uploads.totals().delivered === 1, { what: 'the upload to be delivered' })
    expect(faults?.calls.statfs).toBe(asked + 1)
  } finally {
    await front.close()
  }
})
