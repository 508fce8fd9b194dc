import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'

import { expect, test, vi } from 'vitest'

import { frontEnv } from '../../../src-main/services/fronts/front-child.ts'

const forks = vi.hoisted(() => [] as (readonly unknown[])[])
vi.mock('electron', () => ({
  utilityProcess: {
    fork: (...args: unknown[]) => {
      forks.push(args)
      const [stdout, stderr] = [new PassThrough().end(), new PassThrough().end()]
      return Object.assign(new EventEmitter(), { stdout, stderr, pid: 1 })
    },
  },
}))
const { utilityFronts } = await import('../../../src-main/app/ipc/utility-front.ts')

test('a front gets nothing of our environment but the thread pool size, and no argument', () => {
  utilityFronts('/front.js')
  const [[path, args, options] = []] = forks
  expect([path, args]).toEqual(['/front.js', []])
  expect(options).toMatchObject({ stdio: ['ignore', 'pipe', 'pipe'] })
  expect((options as { env: unknown }).env).toEqual({ UV_THREADPOOL_SIZE: '12' })
  expect(frontEnv).toEqual({ UV_THREADPOOL_SIZE: '12' })
})
