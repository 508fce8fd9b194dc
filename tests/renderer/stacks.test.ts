import { expect, test } from 'vitest'

import type { StackProgressState } from '../../src-main/shared/app/stacks.ts'
import { fakeMountbarBridge } from '../fakes/fake-mountbar-bridge.ts'
import { busySnapshot, snapshotOf, stackChoice, stackOf, stackPlan } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, row } from './harness/named.ts'
import { goToNewStack, stackScenes } from './stack-scenes.ts'

const ref = { profile: 'studio', region: 'eu-central-1', name: 'mountbar-photos' }
const withStack = (state: StackProgressState): ReturnType<typeof snapshotOf> =>
  busySnapshot({ stacks: [stackOf(state)] })
const deploying = { kind: 'deploying', step: 'Making the network', fraction: 0.2 } as const

describePopover('a drive from a stack', (popover) => {
  test('is added with all that the stack tells, and a name', async () => {
    const { main: prepare, go } = stackScenes.find(({ name }) => name === 'add-drive-from-stack')!
    await using opened = await popover.openWith(prepare())
    const { page, main } = opened
    await go(page)
    expect(await page.getByRole('radio', { name: /mountbar-video/ }).isDisabled()).toBe(true)
    await page.getByLabel('Name', { exact: true }).fill('Pictures')
    await button(page, 'Add drive').click()
    const { fileSystemId, accessPointId, server } = stackChoice.fileSystem!
    await expect
      .poll(() => main.commands['drive.add-file-system'].calls)
      .toEqual([
        {
          fileSystem: {
            name: 'Pictures',
            profile: 'studio',
            region: 'eu-central-1',
            fileSystemId,
            accessPointId,
            server,
          },
          mount: true,
        },
      ])
    expect(main.commands['lookup.stacks'].calls).toEqual([{ profile: 'studio', region: 'eu-central-1' }])
    await page.getByRole('list', { name: 'Drives' }).waitFor()
  })

  test('needs a stack of this region, and says when there is none', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['lookup.stacks'].answers(({ region }) => ({
      ok: true,
      value: region === 'eu-west-1' ? [] : [stackChoice],
    }))
    await button(page, 'Add drive…').click()
    await button(page, /From a stack/).click()
    await page.getByLabel('Region').fill('eu-central-1')
    await page.getByRole('radio', { name: /mountbar-photos/ }).check()
    await page.getByLabel('Region').fill('eu-west-1')
    await page.getByText('none of Mountbar’s stacks in this region').waitFor()
    await button(page, 'Add drive').click()
    await page.getByText('Choose a stack.').waitFor()
    expect(main.commands['drive.add-file-system'].calls).toEqual([])
  })
})

describePopover('a new stack', (popover) => {
  test('is asked for in two steps, planned, deployed and mounted', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goToNewStack(page)
    await page.getByRole('radio', { name: /One that is there/ }).check()
    await page.getByLabel('Name of the bucket').fill('studio-photos')
    await page.getByLabel('Folder in it').fill('/archive')
    await button(page, 'Continue').click()
    await page.getByRole('radio', { name: /Private network/ }).check()
    await button(page, 'Make a plan').click()
    await expect
      .poll(() => main.commands['stack.plan'].calls)
      .toEqual([
        {
          stack: {
            ...ref,
            bucket: { kind: 'existing', name: 'studio-photos' },
            prefix: 'archive/',
            wayIn: 'private',
          },
        },
      ])
    main.publish(withStack({ kind: 'planning' }))
    await page.getByText('AWS looks at what would change').waitFor()
    main.publish(withStack({ kind: 'planned', plan: stackPlan }))
    await page.getByText('About $20.08 a month', { exact: true }).waitFor()
    expect(await page.getByRole('list', { name: 'Changes' }).getByRole('listitem').count()).toBe(7)
    await page.getByText('Everybody behind 203.0.113.7').waitFor()
    await button(page, 'Deploy').click()
    await expect.poll(() => main.commands['stack.deploy'].calls).toEqual([{ ref }])
    main.publish(withStack(deploying))
    const bar = page.getByRole('progressbar', { name: 'Deploying mountbar-photos' })
    expect(await bar.getAttribute('aria-valuenow')).toBe('20')
    main.publish(withStack({ kind: 'deployed', choice: stackChoice }))
    await page.getByLabel('Name of the drive').fill('Pictures')
    await button(page, 'Mount it now').click()
    await expect.poll(() => main.commands['stack.dismiss'].calls).toEqual([{ ref }])
    const { fileSystemId, accessPointId, server } = stackChoice.fileSystem!
    expect(main.commands['drive.add-file-system'].calls).toEqual([
      {
        fileSystem: {
          name: 'Pictures',
          profile: 'studio',
          region: 'eu-central-1',
          fileSystemId,
          accessPointId,
          server,
        },
        mount: true,
      },
    ])
    await page.getByRole('list', { name: 'Drives' }).waitFor()
  })

  test('Back from the plan drops it, and everything is as it was typed', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await goToNewStack(page)
    await page.getByLabel('Name of the bucket').fill('my-photos')
    await button(page, 'Continue').click()
    await page.getByRole('radio', { name: /Systems Manager/ }).check()
    await button(page, 'Make a plan').click()
    main.publish(withStack({ kind: 'planned', plan: stackPlan }))
    await button(page, 'Back').click()
    await expect.poll(() => main.commands['stack.cancel'].calls).toEqual([{ ref }])
    expect(await page.getByRole('radio', { name: /Systems Manager/ }).isChecked()).toBe(true)
    await button(page, '‹ Back').click()
    expect(await page.getByLabel('Name of the bucket').inputValue()).toBe('my-photos')
  })

  test('goes on after the popover was closed: its row leads back to it', async () => {
    await using opened = await popover.open(withStack(deploying))
    const { page, main } = opened
    const own = row(page, 'mountbar-photos')
    await own.getByText('Making the network').waitFor()
    await button(own, 'Show mountbar-photos').click()
    await page.getByText('20 %').waitFor()
    main.publish(withStack({ ...deploying, step: 'Making the mount target', fraction: 0.6 }))
    await page.reload()
    await own.getByText('Making the mount target').waitFor()
    await button(own, 'Show mountbar-photos').click()
    await page.getByText('60 %').waitFor()
    await button(page, '‹ Drives').click()
    await own.waitFor()
  })

  test('moves nothing while it goes from step to step', async () => {
    await using opened = await popover.open(withStack(deploying))
    const { page, main } = opened
    await button(page, 'Show mountbar-photos').click()
    const place = (): Promise<unknown> => button(page, 'Cancel…').boundingBox()
    const before = await place()
    for (const [step, fraction] of [
      ['Making the mount target, which takes the longest of all', 0.07],
      ['Done', 1],
    ] as const) {
      main.publish(withStack({ kind: 'deploying', step, fraction }))
      await page.getByText(step).waitFor()
      expect(await place()).toEqual(before)
    }
  })

  test('is stopped after a question', async () => {
    await using opened = await popover.open(withStack(deploying))
    const { page, main } = opened
    await button(page, 'Show mountbar-photos').click()
    await button(page, 'Cancel…').click()
    await button(page, 'Go on').click()
    expect(main.commands['stack.cancel'].calls).toEqual([])
    await button(page, 'Cancel…').click()
    await button(page.getByRole('dialog'), 'Stop').click()
    await expect.poll(() => main.commands['stack.cancel'].calls).toEqual([{ ref }])
    main.publish(withStack({ kind: 'cancelling' }))
    await page.getByText('AWS takes back what was made').waitFor()
    await expect.poll(() => button(page, 'Cancel').count()).toBe(0)
  })

  test('that failed says why, and leads back to the form or off the list', async () => {
    const failed = { kind: 'failed', error: { code: 'stack-quota', args: { resource: 'the VPC' } } } as const
    await using opened = await popover.open(withStack(failed))
    const { page, main } = opened
    await row(page, 'mountbar-photos').getByText('Not deployed: A limit of your AWS account').waitFor()
    await button(page, 'Show mountbar-photos').click()
    await page.getByText('AWS did not make the VPC.').waitFor()
    await page.getByText('Delete what is no longer needed').waitFor()
    await button(page, 'Change and try again').click()
    // Nothing was typed in this window: what is known of the stack is there.
    expect(await page.getByLabel('Name of the stack').inputValue()).toBe('mountbar-photos')
    expect(await page.getByLabel('AWS profile').inputValue()).toBe('studio')
    await button(page, 'Drives').click()
    await button(page, 'Put away mountbar-photos').click()
    await expect.poll(() => main.commands['stack.dismiss'].calls).toEqual([{ ref }, { ref }])
  })

  test('that failed for want of a sign-in offers it', async () => {
    const error = { code: 'sign-in-expired', args: { profile: 'studio' } } as const
    await using opened = await popover.open(withStack({ kind: 'failed', error }))
    const { page, main } = opened
    await button(page, 'Show mountbar-photos').click()
    await button(page, 'Sign in').click()
    await expect
      .poll(() => main.commands['account.sign-in'].calls)
      .toEqual([{ profile: 'studio', method: 'browser' }])
  })

  test('that main refuses to plan says so at the button', async () => {
    const main = fakeMountbarBridge(busySnapshot())
    main.commands['stack.plan'].fails('bucket-unversioned', { bucket: 'my-photos' })
    await using opened = await popover.openWith(main)
    const { page } = opened
    await goToNewStack(page)
    await button(page, 'Continue').click()
    await button(page, 'Make a plan').click()
    await page.getByRole('alert').getByText('The bucket keeps no versions').waitFor()
  })

  test('is the only row of a newcomer who began with it', async () => {
    await using opened = await popover.open(snapshotOf({ stacks: [stackOf(deploying)] }))
    await row(opened.page, 'mountbar-photos').waitFor()
    expect(await button(opened.page, 'Mount the Sandbox').count()).toBe(0)
  })
})
