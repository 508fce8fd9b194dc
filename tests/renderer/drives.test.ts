import { expect, test } from 'vitest'

import {
  busySnapshot,
  driveOf,
  manyDrives,
  mountedDriveOf,
  sandboxOf,
  snapshotOf,
} from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, focused, row } from './harness/named.ts'

const ofPhotos = { driveId: 'photos' }
const photos = { ...ofPhotos, force: false, wait: false }

describePopover('drives', (popover) => {
  test('a newcomer is one press away from a mounted Sandbox', async () => {
    await using opened = await popover.open(snapshotOf())
    const { page, main } = opened
    await button(page, 'Mount the Sandbox').click()
    await expect.poll(() => main.commands['drive.add-sandbox'].calls).toEqual([{ mount: true }])
    main.publish(snapshotOf({ drives: [sandboxOf()] }))
    await row(page, 'Sandbox').getByText('Mounted').waitFor()
  })

  test('a row says where its files are, how fast they are and how far S3 is behind', async () => {
    await using opened = await popover.open(busySnapshot())
    const text = await row(opened.page, 'Photo archive').innerText()
    for (const part of ['studio-photos/archive · eu-central-1', 'Mounted', '18 ms', '46 ms', '1.4 MB/s'])
      expect(text).toContain(part)
    expect(text.replaceAll(/\s+/g, ' ')).toContain('in S3 after 64 s 3 files on their way · oldest 12 s')
    await opened.page.getByRole('img', { name: 'Latency of the last 15 minutes: 15 ms to 58 ms' }).waitFor()
    expect(await row(opened.page, 'Sandbox').innerText()).toContain('simulated')
  })

  test('Mount is pending until main answers, becomes Cancel while it mounts, and keeps the focus', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }))
    const { page, main } = opened
    const answer = main.commands['drive.mount'].hangs()
    await button(page, 'Mount Photo archive').press('Enter')
    await page.getByRole('button', { name: 'Mount Photo archive', disabled: true }).waitFor()
    await button(page, 'Mount Photo archive').press('Enter')
    main.publish(snapshotOf({ drives: [driveOf({ state: { kind: 'preparing', step: 'connecting' } })] }))
    await page.getByText('Connecting to S3 Files · 4 of 6').waitFor()
    await page.getByRole('progressbar', { name: 'Mounting Photo archive' }).waitFor()
    expect(await focused(page)).toBe('button "Cancel Photo archive"')
    await page.keyboard.press('Enter')
    await expect.poll(() => main.commands['drive.unmount'].calls).toEqual([photos])
    expect(main.commands['drive.mount'].calls).toEqual([ofPhotos])
    answer.release()
  })

  test('a volume in use stays, says so, and can be unmounted anyway', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['drive.unmount'].fails('unmount-busy', { name: 'Photo archive' })
    await button(page, 'Unmount Photo archive').click()
    const alert = page.getByRole('alert')
    await alert.getByText('The volume is in use').waitFor()
    await button(alert, 'Unmount anyway').click()
    await expect
      .poll(() => main.commands['drive.unmount'].calls)
      .toEqual([photos, { ...photos, force: true }])
  })

  test('a failure is put away by its own button, and by the next success', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['drive.reveal'].fails('not-mounted')
    await button(page, 'Reveal Photo archive in Finder').click()
    await page.getByRole('alert').getByText('Not mounted', { exact: true }).waitFor()
    await button(page, 'Dismiss').click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await button(page, 'Reveal Photo archive in Finder').click()
    await page.getByRole('alert').waitFor()
    main.commands['drive.reveal'].succeeds(undefined)
    await button(page, 'Reveal Photo archive in Finder').click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })

  test('the menu has what the row has no room for', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    const choose = async (item: string): Promise<void> => {
      await button(page, 'More for Photo archive').click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await choose('Copy path')
    await choose('Open bucket in AWS console')
    await expect.poll(() => main.commands['drive.open-console'].calls).toEqual([ofPhotos])
    expect(main.commands['drive.copy-path'].calls).toEqual([ofPhotos])
    await choose('Uploads')
    await page.getByText('Only Photo archive').waitFor()
    await button(page, 'Drives').click()
    await choose('Settings…')
    await page.getByRole('form', { name: 'Settings of Photo archive' }).waitFor()
  })

  test('a Sandbox has no console, and an unmounted drive no path', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page } = opened
    await button(page, 'More for Sandbox').click()
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      'Copy path',
      'Uploads',
      'Settings…',
      'Remove…',
    ])
    await button(page, 'More for Quarterly reports').click()
    await expect
      .poll(() => page.getByRole('menuitem').first().textContent())
      .toBe('Open bucket in AWS console')
    await expect.poll(() => page.getByRole('menu').count()).toBe(1)
  })

  test('removing asks first, tells what would be lost, and discards only what was told', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await button(page, 'More for Photo archive').click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove “Photo archive”?' })
    await dialog.getByText('4 files that were saved to it have not been delivered').waitFor()
    await expect.poll(() => focused(page)).toBe('button "Cancel"')
    await button(dialog, 'Remove and discard').click()
    await expect
      .poll(() => main.commands['drive.remove'].calls)
      .toEqual([{ driveId: 'photos', discardUploads: true }])
  })

  test('uploads that turn up while removing are not discarded by the same press', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }))
    const { page, main } = opened
    main.commands['drive.remove'].fails('uploads-kept', { name: 'Photo archive', count: 2 })
    await button(page, 'More for Photo archive').click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    await button(page, 'Remove').click()
    await page.getByRole('dialog').getByText('2 files are kept on this machine only').waitFor()
    await button(page, 'Remove and discard').click()
    await expect
      .poll(() => main.commands['drive.remove'].calls.map(({ discardUploads }) => discardUploads))
      .toEqual([false, true])
  })

  test('trouble has one button that leads to its end', async () => {
    const trouble = {
      error: { code: 'sign-in-expired', args: { profile: 'studio' } },
      fix: { kind: 'sign-in', profile: 'studio' },
    } as const
    await using opened = await popover.open(snapshotOf({ drives: [mountedDriveOf({ trouble })] }))
    const { page, main } = opened
    const drive = row(page, 'Photo archive')
    await drive.getByText('Your AWS sign-in has ended').waitFor()
    await button(drive, 'Sign in').click()
    await expect
      .poll(() => main.commands['account.sign-in'].calls)
      .toEqual([{ profile: 'studio', method: 'browser' }])
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  })

  test('an address that is not let in any more is let in by the one button', async () => {
    const trouble = {
      error: { code: 'address-not-allowed', args: { address: '198.51.100.9', name: 'mountbar-photos' } },
      fix: { kind: 'let-in', driveId: 'a' },
    } as const
    await using opened = await popover.open(snapshotOf({ drives: [mountedDriveOf({ trouble })] }))
    const { page, main } = opened
    await button(row(page, 'Photo archive'), 'Let this address in').click()
    await expect.poll(() => main.commands['drive.let-in'].calls).toEqual([{ driveId: 'a' }])
  })

  test('fifty drives are all there, and the last can be reached', async () => {
    await using opened = await popover.open(snapshotOf({ drives: manyDrives(50) }))
    const { page, main } = opened
    await expect.poll(() => page.getByRole('list', { name: 'Drives' }).getByRole('listitem').count()).toBe(50)
    await button(page, 'Mount Drive 50').click()
    await expect.poll(() => main.commands['drive.mount'].calls).toEqual([{ driveId: 'drive-49' }])
    await button(page, 'More for Drive 50').click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    await page.getByRole('dialog').waitFor()
  })
})
