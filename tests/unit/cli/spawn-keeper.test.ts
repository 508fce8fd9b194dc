import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createAskStarter, type StarterChannel } from '../../../src-main/cli/keeper/ask-starter.ts'
import { createSpawnKeeper, type SpawnKeeper } from '../../../src-main/cli/keeper/spawn-keeper.ts'
import type { AskMfaCode, MfaQuestion } from '../../../src-main/services/credentials/ports.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

let temp: TempDir
let outputPath: string
let spawnKeeper: SpawnKeeper
let steps: string[]
let interrupt: AbortController
let askMfaCode: AskMfaCode

beforeEach(async () => {
  temp = await makeTempDir('keeper')
  outputPath = join(temp.dir, 'logs', 'keeper.log')
  steps = []
  interrupt = new AbortController()
  askMfaCode = () => Promise.reject(new Error('no keeper is expected to ask'))
  spawnKeeper = createSpawnKeeper({
    nodePath: process.execPath,
    cliPath: fileURLToPath(new URL('../../fixtures/fake-keeper.ts', import.meta.url)),
    env: { PATH: process.env['PATH'] },
    outputPath,
  })
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

function spawn(behaviour: string, onStep: (step: string) => void = () => undefined) {
  const { signal } = interrupt
  return spawnKeeper(behaviour, {
    signal,
    onStep: (step) => {
      steps.push(step)
      onStep(step)
    },
    askMfaCode,
  })
}

/** The fake keeper's URL carries its process id. */
function pidOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a keeper that has mounted lives on, in a session of its own and not in the user’s folder', async () => {
  const mounted = await spawn('mount')
  const pid = pidOf(mounted)
  try {
    expect(steps).toEqual(['starting-front', 'mounting'])
    expect(mounted.mountPoint).toBe('/')
    expect(isRunning(pid)).toBe(true)
    // Signals to the terminal's process group must not reach it.
    expect(() => process.kill(-pid, 0)).not.toThrow()
  } finally {
    process.kill(pid, 'SIGTERM')
  }
  await waitFor(() => !isRunning(pid), { what: 'the keeper to end' })
})

test('the error of a keeper is the error of the command', async () => {
  await expect(spawn('fail')).rejects.toMatchObject({
    code: 'mount-point-not-empty',
    args: { mountPoint: '/mnt' },
  })
  expect(steps).toEqual(['checking'])
})

test('an interrupt is passed on, and the keeper says how it ended', async () => {
  const spawned = spawn('wait', () => interrupt.abort())
  await expect(spawned).rejects.toMatchObject({ code: 'busy', args: { name: 'as it says itself' } })
})

test('an interrupt that comes before the keeper can hear it is a cancellation', async () => {
  interrupt.abort()
  await expect(spawn('wait')).rejects.toMatchObject({ code: 'cancelled' })
})

test('a keeper that ends without a word is unexpected, and its last words are in the log', async () => {
  await expect(spawn('vanish')).rejects.toMatchObject({ code: 'unexpected', args: { logPath: outputPath } })
  expect(await readFile(outputPath, 'utf8')).toContain('a stack trace for nobody')
})

test('a keeper of another version is not understood, and told so', async () => {
  await expect(spawn('babble')).rejects.toMatchObject({ code: 'message-invalid' })
})

describe('a keeper that needs a code', () => {
  test('asks through the command, and goes on with the answer', async () => {
    const asked: MfaQuestion[] = []
    askMfaCode = (question) => {
      asked.push(question)
      return Promise.resolve('123456')
    }
    expect((await spawn('ask')).mountPoint).toBe('/123456')
    expect(asked).toEqual([{ profile: 'work', serial: 'arn:mfa', role: 'arn:role' }])
  })

  test.each([
    ['who declines', 'cancelled'],
    ['who is not there', 'mfa-needed'],
  ] as const)('hears of a person %s: %s', async (_, code) => {
    askMfaCode = () => Promise.reject(new AppError(code))
    expect((await spawn('ask')).mountPoint).toBe(`/${code}`)
  })

  test('is answered for when the command is interrupted at the question', async () => {
    askMfaCode = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('cancelled')))
        interrupt.abort()
      })
    await expect(spawn('ask')).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('a keeper whose command has gone has nobody to ask', async () => {
  const channel = Object.assign(new EventEmitter(), { connected: true, send: () => true })
  const asked = createAskStarter(channel as unknown as StarterChannel)(
    { profile: 'work', serial: 's', role: 'r' },
    new AbortController().signal,
  )
  channel.emit('disconnect')
  await expect(asked).rejects.toMatchObject({ code: 'mfa-needed', args: { profile: 'work', serial: 's' } })
  expect(channel.listenerCount('message')).toBe(0)
})
