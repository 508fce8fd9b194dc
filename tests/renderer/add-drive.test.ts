import { expect, test } from 'vitest'

import { busySnapshot, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { settled } from './harness/frames.ts'
import type { PopoverPage } from './harness/popover-page.ts'
import { button, goTo } from './harness/named.ts'
import { scenes } from './scenes.ts'

async function openForm({ page }: PopoverPage): Promise<void> {
  await button(page, 'Add drive…').click()
  await button(page, /S3 Files file system/).click()
}

describePopover('adding a drive', (popover) => {
  test('a file system is found by profile and region, and its way in chosen', async () => {
    const { main: prepare, go } = scenes.find(({ name }) => name === 'add-drive-file-system')!
    await using opened = await popover.openWith(prepare())
    const { page, main } = opened
    await go(page)
    expect(await page.getByLabel('Region').inputValue()).toBe('eu-central-1')
    await button(page, 'Add drive').click()
    await expect
      .poll(() => main.commands['drive.add-file-system'].calls)
      .toEqual([
        {
          fileSystem: {
            name: 'Photo archive',
            profile: 'studio',
            region: 'eu-central-1',
            fileSystemId: 'fs-0a1b2c3d4e5f60718',
            remotePath: '/',
            server: { host: 's3files.studio.example', port: 2049 },
          },
          mount: true,
        },
      ])
    await page.getByRole('list', { name: 'Drives' }).waitFor()
  })

  test('everything can be typed while AWS says nothing', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['lookup.file-systems'].hangs()
    main.commands['lookup.ways-in'].fails('aws-denied', { action: 'ec2:DescribeSubnets' })
    await openForm(opened)
    await page.getByLabel('Region').fill('eu-north-1')
    await page.getByText('Looking for file systems…').waitFor()
    await page.getByLabel('File system id').fill('fs-0123456789abcdef0')
    await page.getByText('AWS did not permit it').waitFor()
    await page.getByLabel('Host').fill('10.0.0.7')
    await page.getByLabel('Port').fill('20490')
    await page.getByText('Only a part of it').click()
    await page.getByLabel('Access point id').fill('fsap-0123456789abcdef0')
    await page.getByLabel('Folder in it').fill('/2026')
    await page.getByLabel('Name').fill('North')
    await page.getByRole('switch', { name: 'Mount now' }).click()
    await button(page, 'Add drive').click()
    await expect
      .poll(() => main.commands['drive.add-file-system'].calls)
      .toEqual([
        {
          fileSystem: {
            name: 'North',
            region: 'eu-north-1',
            fileSystemId: 'fs-0123456789abcdef0',
            accessPointId: 'fsap-0123456789abcdef0',
            remotePath: '/2026',
            server: { host: '10.0.0.7', port: 20_490 },
          },
          mount: false,
        },
      ])
  })

  test('an answer to an earlier question is not shown', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    const choice = { bucket: 'b', prefix: '', status: 'available', statusMessage: undefined }
    const gate = Promise.withResolvers<undefined>()
    main.commands['lookup.file-systems'].answers(async ({ region }) => {
      if (region === 'us-east-1') await gate.promise
      return { ok: true, value: [{ ...choice, name: `of ${region}`, fileSystemId: 'fs-0123456789abcdef0' }] }
    })
    await openForm(opened)
    await page.getByLabel('Region').fill('us-east-1')
    await expect.poll(() => main.commands['lookup.file-systems'].calls).toHaveLength(1)
    await page.getByLabel('Region').fill('eu-west-1')
    await page.getByRole('radio', { name: /of eu-west-1/ }).waitFor()
    gate.resolve(undefined)
    // What comes after the late answer has come after it.
    await page.getByLabel('Name').fill('x')
    await settled(page)
    expect(await page.getByRole('radio', { name: /of us-east-1/ }).count()).toBe(0)
  })

  test('mistakes are named at their fields, and go when they are mended', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await openForm(opened)
    await button(page, 'Add drive').click()
    await page.getByText('Give a region, such as eu-central-1.').waitFor()
    await page.getByLabel('Host').fill('h')
    await expect.poll(() => page.getByText('Choose how to reach it').count()).toBe(0)
    expect(main.commands['drive.add-file-system'].calls).toEqual([])
  })

  test('a profile that is not signed in can be, on the spot', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['lookup.file-systems'].fails('sign-in-needed', { profile: 'studio' })
    await openForm(opened)
    await page.getByLabel('AWS profile').fill('studio')
    await button(page, 'Sign in').click()
    await expect
      .poll(() => main.commands['account.sign-in'].calls)
      .toEqual([{ profile: 'studio', method: 'browser' }])
  })

  test('a folder is chosen in a dialog of the system, or is the Sandbox’s own', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await button(page, 'Add drive…').click()
    await button(page, /Sandbox folder/).click()
    main.commands['dialog.choose-folder'].succeeds({ dir: '/Users/sam/Docs' })
    await button(page, 'Choose…').click()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Folder' }).inputValue())
      .toBe('/Users/sam/Docs')
    main.commands['drive.add-sandbox'].fails('source-not-a-folder', { path: '/Users/sam/Docs' })
    await button(page, 'Add drive').click()
    await page.getByRole('alert').getByText('Not a folder', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Folder' }).fill('')
    main.commands['drive.add-sandbox'].succeeds({ driveId: 'x' })
    await button(page, 'Add drive').click()
    await expect
      .poll(() => main.commands['drive.add-sandbox'].calls)
      .toEqual([{ dir: '/Users/sam/Docs', mount: true }, { mount: true }])
  })

  test('a drive that is added late leaves the user where they have gone meanwhile', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await button(page, 'Add drive…').click()
    await button(page, /Sandbox folder/).click()
    const answer = main.commands['drive.add-sandbox'].hangs()
    await button(page, 'Add drive').click()
    await goTo(page, 'Settings')
    answer.release()
    // Answers arrive in their order: with this one, the other is there.
    main.commands['settings.change'].fails('state-dir-unusable')
    await page.getByRole('switch', { name: 'Open at login' }).click()
    await page.getByRole('alert').getByText('own folder cannot be used').waitFor()
  })

  test('a newcomer gets there from the first page, and back', async () => {
    await using opened = await popover.open(snapshotOf())
    await button(opened.page, 'Connect an S3 Files file system…').click()
    await button(opened.page, /S3 Files file system/).click()
    await button(opened.page, '‹ Back').click()
    await button(opened.page, '‹ Back').click()
    await button(opened.page, 'Mount the Sandbox').waitFor()
  })
})
