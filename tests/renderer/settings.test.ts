import { expect, test } from 'vitest'

import { busySnapshot, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, goTo, goToSettings, row } from './harness/named.ts'

describePopover('settings', (popover) => {
  test('a switch shows what is wanted while main is at it, and what is so when main refuses', async () => {
    await using opened = await popover.open(snapshotOf())
    const { page, main } = opened
    await goToSettings(page, 'General')
    const login = page.getByRole('switch', { name: 'Open at login' })
    const answer = main.commands['settings.change'].hangs()
    await login.click()
    expect(await login.isChecked()).toBe(false)
    answer.release()
    await expect.poll(() => login.isChecked()).toBe(true)
    main.commands['settings.change'].fails('state-dir-unusable')
    await login.click()
    await page.getByRole('alert').getByText('own folder cannot be used').waitFor()
    await expect.poll(() => login.isChecked()).toBe(true)
    expect(main.commands['settings.change'].calls[0]).toEqual({ openAtLogin: false })
  })

  test('notifications are switched one by one, updates by channel', async () => {
    await using opened = await popover.open(snapshotOf())
    const { page, main } = opened
    await goToSettings(page, 'General')
    await page.getByRole('switch', { name: 'A drive was lost' }).click()
    await page.getByLabel('Versions', { exact: true }).selectOption('beta')
    await expect
      .poll(() => main.commands['settings.change'].calls)
      .toEqual([{ notifications: { 'drive-lost': false } }, { updateChannel: 'beta' }])
  })

  test('only what was changed of a drive is sent, and the form closes', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goToSettings(page, 'Drives')
    await button(page, 'Edit Photo archive').click()
    const form = page.getByRole('form', { name: 'Settings of Photo archive' })
    await form.getByLabel('Name').fill('Pictures')
    main.commands['dialog.choose-folder'].succeeds({ dir: '/Users/sam/Pictures' })
    await button(form, 'Choose…').click()
    await expect.poll(() => form.getByLabel('Mount point').inputValue()).toBe('/Users/sam/Pictures')
    await form.getByLabel('Kept for reading, at most').fill('0')
    await button(form, 'Save').click()
    await expect
      .poll(() => main.commands['drive.change'].calls)
      .toEqual([
        {
          driveId: 'photos',
          changes: { name: 'Pictures', mountPoint: '/Users/sam/Pictures', contentCacheBytes: 0 },
        },
      ])
    await expect.poll(() => form.count()).toBe(0)
  })

  test('a change that is saved late leaves the user where they have gone meanwhile', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goToSettings(page, 'Drives')
    await button(page, 'Edit Photo archive').click()
    const form = page.getByRole('form', { name: 'Settings of Photo archive' })
    await form.getByLabel('Name').fill('Pictures')
    const answer = main.commands['drive.change'].hangs()
    await button(form, 'Save').click()
    await goTo(page, 'Drives')
    answer.release()
    // Answers arrive in their order: with this one, the other is there.
    main.commands['drive.reveal'].fails('not-mounted', { name: 'Photo archive' })
    await button(page, 'Reveal Photo archive in Finder').click()
    await row(page, 'Photo archive').getByRole('alert').waitFor()
    await goToSettings(page, 'Drives')
    await button(page, 'Edit Photo archive').waitFor()
    expect(await form.count()).toBe(0)
  })

  test('a form with a mistake says where, and is not sent', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goToSettings(page, 'Drives')
    await button(page, 'Edit Photo archive').click()
    const form = page.getByRole('form', { name: 'Settings of Photo archive' })
    await form.getByLabel('Name').fill(' ')
    await button(form, 'Save').click()
    await form.getByText('A drive needs a name.').waitFor()
    expect(await form.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
    expect(main.commands['drive.change'].calls).toEqual([])
  })

  test('an engine is chosen, or left to be found', async () => {
    await using opened = await popover.open(snapshotOf())
    const { page, main } = opened
    await goToSettings(page, 'Engine')
    await page.getByText('Using Docker Desktop 4.51').waitFor()
    await page.getByRole('radio', { name: /^Colima/ }).click()
    const address = 'unix:///Users/sam/.colima/default/docker.sock'
    await expect.poll(() => main.commands['engine.choose'].calls).toEqual([{ address }])
    main.publish(snapshotOf({ engine: { ...snapshotOf().engine, chosen: address } }))
    await expect.poll(() => page.getByRole('radio', { name: /^Colima/ }).isChecked()).toBe(true)
    await page.getByRole('radio', { name: /Whichever/ }).click()
    await expect.poll(() => main.commands['engine.choose'].calls.at(-1)).toEqual({})
    await button(page, 'Look again').click()
    await expect.poll(() => main.commands['engine.look-again'].calls).toHaveLength(1)
  })

  test('diagnostics say where they were saved, and resetting asks first', async () => {
    await using opened = await popover.open(snapshotOf())
    const { page, main } = opened
    main.commands['app.save-diagnostics'].succeeds({ path: '/Users/sam/Desktop/mountbar.zip' })
    await goToSettings(page, 'Advanced')
    await button(page, 'Save…').click()
    await page.getByText('Saved as /Users/sam/Desktop/mountbar.zip').waitFor()
    await button(page, 'Reset…').click()
    expect(main.commands['app.reset'].calls).toEqual([])
    await button(page.getByRole('dialog', { name: 'Reset Mountbar?' }), 'Reset').click()
    await expect.poll(() => main.commands['app.reset'].calls).toEqual([{}])
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })
})
