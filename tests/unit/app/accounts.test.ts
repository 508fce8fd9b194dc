import { afterEach, describe, expect, test } from 'vitest'

import type { PersonNeed, UsableProfile } from '../../../src-main/services/credentials/profiles/preflight.ts'
import { sessionViewOf } from '../../../src-main/app/accounts/session-view.ts'
import { anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { openApp, type OpenApp } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

const minute = 60_000
const work: UsableProfile = {
  name: 'work',
  kind: 'sso-session',
  region: 'eu-central-1',
  chain: ['work'],
  need: { when: 'never' },
}
const drive = anS3FilesDrive()
const ofWork = { ...drive, fileSystem: { ...drive.fileSystem, profile: 'work' } }

async function open(need: (nowMs: number) => PersonNeed): Promise<OpenApp> {
  const opened = await openApp({
    drives: [ofWork],
    before: ({ aws, clock }) => {
      aws.list = [{ ...work, need: need(clock.now()) }]
    },
  })
  cleanup.use(opened)
  await opened.do('drive.mount', { driveId: drive.id })
  return opened
}

describe('a session, as far as files tell', () => {
  test.each([
    [{ when: 'never' }, { kind: 'valid', expiresAtMs: undefined }],
    [
      { when: 'unknown', why: 'temporary-keys' },
      { kind: 'valid', expiresAtMs: undefined },
    ],
    [{ when: 'now', why: 'sign-in-missing' }, { kind: 'signed-out' }],
    [{ when: 'now', why: 'sign-in-expired' }, { kind: 'expired' }],
    [
      { when: 'now', why: 'mfa' },
      { kind: 'valid', expiresAtMs: undefined },
    ],
    [
      { when: 'at', why: 'sign-in-ends', atMs: 16 * minute },
      { kind: 'valid', expiresAtMs: 16 * minute },
    ],
    [
      { when: 'at', why: 'sign-in-ends', atMs: 15 * minute },
      { kind: 'expiring', expiresAtMs: 15 * minute },
    ],
    [{ when: 'at', why: 'sign-in-ends', atMs: 0 }, { kind: 'expired' }],
  ] as const)('%j is %j', (need, view) => {
    expect(sessionViewOf(need, 0)).toEqual(view)
  })
})

describe('the end of a session that a drive needs', () => {
  test('is told of 15 and 5 minutes ahead and when it has come, each once, and is one condition', async () => {
    const opened = await open((nowMs) => ({
      when: 'at',
      why: 'sign-in-ends',
      atMs: nowMs + 17 * minute,
    }))
    const told = (): unknown[] => opened.happened.map(({ kind, key }) => `${kind} ${key.split(':').at(-1)}`)
    await opened.pass(minute)
    expect(told()).toEqual([])
    await opened.pass(3 * minute)
    expect(told()).toEqual(['session-expiring 15'])
    await opened.pass(10 * minute)
    expect(told()).toEqual(['session-expiring 15', 'session-expiring 5'])
    await opened.pass(4 * minute)
    expect(told()).toEqual(['session-expiring 15', 'session-expiring 5', 'session-expired work'])
    expect(opened.app.snapshot().conditions).toEqual([
      {
        id: 'session:work',
        severity: 'error',
        error: { code: 'sign-in-expired', args: { profile: 'work' } },
        fix: { kind: 'sign-in', profile: 'work' },
      },
    ])
  }, 30_000)

  test('is none of anybody’s business when no drive needs it', async () => {
    const opened = await open(() => ({ when: 'now', why: 'sign-in-expired' }))
    await opened.do('drive.unmount', { driveId: drive.id, force: false, wait: true })
    await opened.until(() => opened.drive().state.kind === 'unmounted')
    await opened.pass(100)
    expect(opened.app.snapshot().conditions).toEqual([])
  })
})

describe('signing in', () => {
  test('shows the code to enter while it waits, and nothing of it afterwards', async () => {
    const opened = await open(() => ({ when: 'now', why: 'sign-in-missing' }))
    const session = (): unknown => opened.app.snapshot().accounts[0]?.session
    const signingIn = opened.do('account.sign-in', { profile: 'work', method: 'device' })
    await opened.until(() => opened.aws.options !== undefined)
    opened.aws.options!.onState({
      kind: 'awaiting-device',
      method: 'device',
      freshClient: false,
      code: {
        userCode: 'ABCD-EFGH',
        verificationUrl: 'https://example.com/device',
        completeUrl: 'https://example.com/device?code=ABCD-EFGH',
        intervalMs: 5_000,
        validForMs: 600_000,
      },
      intervalMs: 5_000,
      troubles: 0,
      pollAtMs: 0,
      endsAtMs: 0,
    })
    expect(session()).toEqual({
      kind: 'awaiting-approval',
      userCode: 'ABCD-EFGH',
      url: 'https://example.com/device',
    })
    opened.aws.list = [work]
    opened.aws.approved.resolve(undefined)
    await signingIn
    expect(session()).toEqual({ kind: 'valid', expiresAtMs: undefined })
  })

  test('can be cancelled', async () => {
    const opened = await open(() => ({ when: 'now', why: 'sign-in-missing' }))
    const signingIn = opened.refusal('account.sign-in', { profile: 'work', method: 'browser' })
    await opened.until(() => opened.aws.options !== undefined)
    await opened.do('account.cancel-sign-in', { profile: 'work' })
    expect(await signingIn).toBe('cancelled')
    expect(opened.app.snapshot().accounts[0]?.session).toEqual({ kind: 'signed-out' })
  })

  test('out', async () => {
    const opened = await open(() => ({ when: 'never' }))
    await opened.do('account.sign-out', { profile: 'work' })
    expect(opened.aws.signedOut).toEqual(['work'])
  })
})

describe('a code that only the person at the machine has', () => {
  const question = { profile: 'work', serial: 'arn:aws:iam::1:mfa/me', role: 'r' }

  test('is asked for by one question at a time, and goes to who asked', async () => {
    const { app, mfa, do: run } = await open(() => ({ when: 'never' }))
    const { signal } = new AbortController()
    const first = mfa.ask!(question, signal)
    const second = mfa.ask!({ ...question, profile: 'home' }, signal)
    const { id, profile } = app.snapshot().prompt!
    expect(profile).toBe('work')
    await run('prompt.answer', { id, value: '123456' })
    expect(await first).toBe('123456')
    expect(app.snapshot().prompt?.profile).toBe('home')
    // Twice pressed is an answer to a question that is not asked any more.
    await run('prompt.answer', { id, value: '654321' })
    await run('prompt.answer', { id: app.snapshot().prompt!.id })
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(app.snapshot().prompt).toBeUndefined()
  })

  test('is no longer asked for when nobody waits for it', async () => {
    const { app, mfa } = await open(() => ({ when: 'never' }))
    const waiting = new AbortController()
    const asked = mfa.ask!(question, waiting.signal)
    waiting.abort()
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
    expect(app.snapshot().prompt).toBeUndefined()
  })
})
