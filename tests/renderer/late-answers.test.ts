import { expect, test } from 'vitest'

import { busySnapshot, stackChoice, stackOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, goTo, goToSettings } from './harness/named.ts'

describePopover('what happens while a form is open', (popover) => {
  test('a drive of a stack that is added late leaves the user where they have gone meanwhile', async () => {
    const state = { kind: 'deployed', choice: stackChoice } as const
    await using opened = await popover.open(busySnapshot({ stacks: [stackOf(state)] }))
    const { page, main } = opened
    await button(page, /^Mount… /).click()
    const answer = main.commands['drive.add-file-system'].hangs()
    await button(page, 'Mount it now').click()
    await goTo(page, 'Settings')
    answer.release()
    await expect.poll(() => main.commands['stack.dismiss'].calls.length).toBe(1)
    // Answers arrive in their order: with this one, the other is there.
    main.commands['settings.change'].fails('state-dir-unusable')
    await page.getByRole('switch', { name: 'Open at login' }).click()
    await page.getByRole('alert').getByText('own folder cannot be used').waitFor()
  })

  test('what somebody else changes of a drive is not put back by saving something else', async () => {
    const before = busySnapshot()
    await using opened = await popover.open(before)
    const { page, main } = opened
    await goToSettings(page, 'Drives')
    await button(page, 'Edit Photo archive').click()
    const form = page.getByRole('form', { name: 'Settings of Photo archive' })
    await form.getByLabel('Name').fill('Pictures')
    const drives = before.drives.map((drive) =>
      drive.id === 'photos'
        ? { ...drive, mountPoint: '/Users/sam/Elsewhere', autoMount: !drive.autoMount }
        : drive,
    )
    main.publish({ ...before, drives, version: '9.9.9', revision: before.revision + 1 })
    await button(form, 'Save').click()
    await expect
      .poll(() => main.commands['drive.change'].calls)
      .toEqual([{ driveId: 'photos', changes: { name: 'Pictures' } }])
  })
})
