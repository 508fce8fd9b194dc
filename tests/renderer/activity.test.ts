import { expect, test } from 'vitest'

import { busySnapshot, mountedDriveOf, snapshotOf, uploadOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, goTo } from './harness/named.ts'

const contract = { driveId: 'photos', id: 3 }

describePopover('activity', (popover) => {
  test('shows what is on its way, how far it is and how long it takes', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page } = opened
    await goTo(page, 'Activity')
    await page.getByText('3 files · 58.8 MB left · 1.4 MB/s · about 42 s').waitFor()
    const bar = page.getByRole('progressbar', { name: 'Upload of IMG_2041.dng' })
    expect(await bar.getAttribute('aria-valuenow')).toBe('65')
    await page.getByText('31.2 MB of 48 MB').waitFor()
  })

  test('what needs a person says why, and has three ways out', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goTo(page, 'Activity')
    const item = page.getByRole('listitem').filter({ hasText: 'contract.pdf' })
    await item.getByText('You do not have permission').waitFor()
    await button(item, 'Retry contract.pdf').click()
    await expect.poll(() => main.commands['upload.retry'].calls).toEqual([contract])
    main.commands['upload.export'].succeeds({ path: '/Users/sam/Desktop/contract.pdf' })
    await button(item, 'Save elsewhere… contract.pdf').click()
    await item.getByText('Saved as /Users/sam/Desktop/contract.pdf').waitFor()
    await button(item, 'Discard… contract.pdf').click()
    expect(main.commands['upload.discard'].calls).toEqual([])
    await button(page.getByRole('dialog', { name: 'Discard “contract.pdf”?' }), 'Discard').click()
    await expect.poll(() => main.commands['upload.discard'].calls).toEqual([contract])
  })

  test('a way out that fails says so beside the file', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['upload.retry'].fails('upload-unknown', { id: 3 })
    await goTo(page, 'Activity')
    await button(page, 'Retry contract.pdf').click()
    await page.getByRole('alert').getByText('No such upload').waitFor()
  })

  test('both files of a conflict are shown in the Finder', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goTo(page, 'Activity')
    await button(page, 'Show both in Finder: price list.numbers').click()
    await expect
      .poll(() => main.commands['file.reveal'].calls)
      .toEqual([
        {
          driveId: 'photos',
          paths: [
            '/2026/price list.numbers',
            '/2026/price list (conflict from Sam’s MacBook 2026-11-20).numbers',
          ],
        },
      ])
  })

  test('a recent file is revealed, and one that S3 refused names the reason', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goTo(page, 'Activity')
    await page.getByText('not taken by S3: AccessDenied').waitFor()
    await button(page, 'Reveal notes.md in Finder').click()
    await expect
      .poll(() => main.commands['file.reveal'].calls)
      .toEqual([{ driveId: 'sandbox', paths: ['/notes.md'] }])
  })

  test('of one drive only, until all are asked for', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page } = opened
    await button(page, 'More for Sandbox').click()
    await page.getByRole('menuitem', { name: 'Uploads' }).click()
    await page.getByText('notes.md').waitFor()
    expect(await page.getByText('contract.pdf').count()).toBe(0)
    await button(page, 'Show all drives').click()
    await page.getByText('contract.pdf').first().waitFor()
  })

  test('says how many more there are than are listed', async () => {
    const { uploads } = mountedDriveOf()
    const drive = mountedDriveOf({ uploads: { ...uploads, pending: 1_204 }, uploadList: [uploadOf()] })
    await using opened = await popover.open(snapshotOf({ drives: [drive] }))
    await goTo(opened.page, 'Activity')
    await opened.page.getByText('and 1,203 more').waitFor()
  })
})
