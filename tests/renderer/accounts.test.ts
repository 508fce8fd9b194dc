import { expect, test } from 'vitest'

import type { SessionStateView } from '../../src-main/shared/app/snapshot.ts'
import { accountOf, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, goTo, row } from './harness/named.ts'

const prompt = {
  id: 'q1',
  kind: 'mfa-code',
  profile: 'studio',
  serial: 'arn:aws:iam::111122223333:mfa/sam',
} as const

function withSession(session: SessionStateView): ReturnType<typeof snapshotOf> {
  return snapshotOf({ accounts: [accountOf({ session })] })
}

describePopover('accounts', (popover) => {
  test('signs in by the browser, or with a code', async () => {
    await using opened = await popover.open(withSession({ kind: 'signed-out' }))
    const { page, main } = opened
    await goTo(page, 'Accounts')
    await button(page, 'Sign in to studio').click()
    await button(page, 'Sign in with a code instead, for studio').click()
    await expect
      .poll(() => main.commands['account.sign-in'].calls)
      .toEqual([
        { profile: 'studio', method: 'browser' },
        { profile: 'studio', method: 'device' },
      ])
  })

  test('a code is there to be read and typed, and signing in can be given up', async () => {
    await using opened = await popover.open(
      withSession({ kind: 'awaiting-approval', userCode: 'WDJB-MJHT', url: 'https://device.example/' }),
    )
    const { page, main } = opened
    await goTo(page, 'Accounts')
    const code = page.getByRole('group', { name: 'Code for signing in' })
    expect(await code.innerText()).toMatch(/https:\/\/device\.example\/\s+WDJB-MJHT/)
    await button(page, 'Cancel signing in to studio').click()
    await expect.poll(() => main.commands['account.cancel-sign-in'].calls).toEqual([{ profile: 'studio' }])
  })

  test('who is signed in, for how long, and the way out', async () => {
    await using opened = await popover.open(snapshotOf({ accounts: [accountOf()] }))
    const { page, main } = opened
    await goTo(page, 'Accounts')
    const text = await row(page, 'studio').innerText()
    expect(text).toContain('PhotoEditor · 111122223333 · eu-central-1')
    expect(text).toContain('Signed in · 3 h 12 min left')
    await button(page, 'Sign out of studio').click()
    await expect.poll(() => main.commands['account.sign-out'].calls).toEqual([{ profile: 'studio' }])
  })

  test('a sign-in that failed says why, and can be tried again', async () => {
    await using opened = await popover.open(
      withSession({ kind: 'failed', error: { code: 'sign-in-denied', args: {} } }),
    )
    await goTo(opened.page, 'Accounts')
    await row(opened.page, 'studio').getByText('The sign-in was not approved').waitFor()
    await button(opened.page, 'Sign in to studio').click()
    await expect.poll(() => opened.main.commands['account.sign-in'].calls).toHaveLength(1)
  })

  test('a sign-in that was given up is no failure', async () => {
    await using opened = await popover.open(withSession({ kind: 'signed-out' }))
    const { page, main } = opened
    main.commands['account.sign-in'].fails('cancelled')
    await goTo(page, 'Accounts')
    await button(page, 'Sign in to studio').click()
    await expect.poll(() => main.commands['account.sign-in'].calls).toHaveLength(1)
    await button(page, 'Sign in to studio').and(page.locator(':enabled')).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('credentials that need no sign-in offer none', async () => {
    await using opened = await popover.open(
      snapshotOf({ accounts: [accountOf({ canSignIn: false, kind: 'access key' })] }),
    )
    await goTo(opened.page, 'Accounts')
    await row(opened.page, 'studio').waitFor()
    expect(await opened.page.getByRole('button', { name: /sign/i }).count()).toBe(0)
  })
})

describePopover('a code from an authenticator', (popover) => {
  test('is asked for wherever one is, checked, and sent without its spaces', async () => {
    await using opened = await popover.open(snapshotOf({ prompt }))
    const { page, main } = opened
    const dialog = page.getByRole('dialog', { name: 'AWS wants a code' })
    const code = dialog.getByLabel('Code')
    await code.fill('12345')
    await code.press('Enter')
    await dialog.getByText('The code has six digits.').waitFor()
    await code.fill('123 456')
    await code.press('Enter')
    await expect.poll(() => main.commands['prompt.answer'].calls).toEqual([{ id: 'q1', value: '123456' }])
    main.publish(snapshotOf())
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  test('is declined by Esc, which leaves the popover open', async () => {
    await using opened = await popover.open(snapshotOf({ prompt }))
    const { page, main } = opened
    await page.getByRole('dialog').getByLabel('Code').press('Escape')
    await expect.poll(() => main.commands['prompt.answer'].calls).toEqual([{ id: 'q1' }])
    expect(main.commands['popover.hide'].calls).toEqual([])
  })
})
