import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openFileService } from '../../../../docker/bridge/agent/files/open-file-service.ts'
import { systemClock } from '../../../../docker/bridge/lib/clock.ts'
import { FrontEvents } from '../../../../src-main/front/process/front-events.ts'
import { startFront, type RunningFront } from '../../../../src-main/front/process/front.ts'
import { frontConfigSchema, type BridgeReport } from '../../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor } from '../../../harness/wait-for.ts'

const token = 'c0ffee00'.repeat(8)

interface Opened extends AsyncDisposable {
  readonly front: RunningFront
  /** Where its bridge's files are served. */
  readonly there: BridgeReport
}

/** A front on a clock that stands still: nothing is noticed by waiting. */
async function openFront(begins: 'with a bridge' | 'without a bridge'): Promise<Opened> {
  await using stack = new AsyncDisposableStack()
  const temp = stack.use(await makeTempDir('bridge-reports'))
  const rootDir = join(temp.dir, 'root')
  await mkdir(rootDir)
  const service = stack.use(
    await openFileService(
      { rootDir, token, readOnly: false, instanceId: undefined },
      { clock: systemClock, onFailure: () => undefined },
    ),
  )
  const there = { address: { url: `http://127.0.0.1:${await service.listen(0, '127.0.0.1')}`, token } }
  const config = frontConfigSchema.parse({
    driveId: 'd',
    driveName: 'D',
    port: 0,
    pathSecret: '0'.repeat(32),
    backend: { kind: 'bridge', report: begins === 'with a bridge' ? there : {} },
    stateDir: join(temp.dir, 'state'),
    diskReserveBytes: 0,
  })
  const front = await startFront(config, new FakeClock(), new FrontEvents())
  stack.defer(() => front.close())
  const owned = stack.move()
  return { front, there, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const put = (front: RunningFront, name: string): Promise<Response> =>
  fetch(`${front.url}${name}`, { method: 'PUT', body: 'text' })

test('a front that is told that its bridge is gone takes saves at once', async () => {
  await using opened = await openFront('with a bridge')
  const { front } = opened
  expect(front.status().health).toBe('ok')
  front.setBridge({})
  expect(front.status().health).toBe('stalled')
  expect((await put(front, 'new.txt')).status).toBe(201)
})

test('so does one that is started before its bridge', async () => {
  await using opened = await openFront('without a bridge')
  const { front } = opened
  expect(front.status().health).toBe('stalled')
  expect((await put(front, 'new.txt')).status).toBe(201)
})

test('told that it is there, the front is well at once, and what waited is delivered', async () => {
  await using opened = await openFront('without a bridge')
  const { front, there } = opened
  await put(front, 'new.txt')
  front.setBridge(there)
  expect(front.status().health).toBe('ok')
  await waitFor(() => front.uploads.totals().delivered === 1, { what: 'the upload to be delivered' })
})

test('another trouble of a bridge that is there says nothing about its answers', async () => {
  await using opened = await openFront('with a bridge')
  const { front, there } = opened
  front.setBridge({
    ...there,
    trouble: { code: 'server-silent', args: {} },
  })
  expect(front.status().health).toBe('ok')
  expect(front.status().trouble?.code).toBe('server-silent')
})
