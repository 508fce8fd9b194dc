import type { Page } from 'playwright-core'

import type { StackProgressState } from '../../src-main/shared/app/stacks.ts'
import { fakeMountbarBridge } from '../fakes/fake-mountbar-bridge.ts'
import { busySnapshot, stackChoice, stackOf, stackPlan } from '../fixtures/snapshots.ts'
import { press, type Scene } from './scene.ts'

/** From a stack that is there, and a new one from its first step to its drive. */
export const stackScenes: readonly Scene[] = [
  {
    name: 'add-drive-from-stack',
    main: () => {
      const main = fakeMountbarBridge(busySnapshot())
      main.commands['lookup.stacks'].succeeds([
        stackChoice,
        { ...stackChoice, name: 'mountbar-office', wayIn: 'private' },
        { name: 'mountbar-video', status: 'CREATE_IN_PROGRESS', wayIn: 'ssm', fileSystem: undefined },
      ])
      return main
    },
    go: async (page) => {
      await press('Add drive…', /From a stack/)(page)
      await page.getByLabel('AWS profile').fill('studio')
      await page.getByRole('radio', { name: /mountbar-photos/ }).check()
    },
  },
  { name: 'new-stack-where', main: () => fakeMountbarBridge(busySnapshot()), go: goToNewStack },
  {
    name: 'new-stack-wrong',
    main: () => fakeMountbarBridge(busySnapshot()),
    go: async (page) => {
      await press('Add drive…', /New S3 Files stack/)(page)
      await page.getByRole('radio', { name: /One that is there/ }).check()
      await press('Continue')(page)
    },
  },
  {
    name: 'new-stack-way-in',
    main: () => fakeMountbarBridge(busySnapshot()),
    go: async (page) => {
      await goToNewStack(page)
      await press('Continue')(page)
    },
  },
  {
    name: 'new-stack-refused',
    main: () => {
      const main = fakeMountbarBridge(busySnapshot())
      main.commands['stack.plan'].fails('stack-foreign', { name: 'mountbar-photos' })
      return main
    },
    go: async (page) => {
      await goToNewStack(page)
      await press('Continue', 'Make a plan')(page)
      await page.getByRole('alert').waitFor()
    },
  },
  stackScene('stack-planning', { kind: 'planning' }),
  stackScene('stack-planned', { kind: 'planned', plan: stackPlan }),
  stackScene('stack-planned-change', {
    kind: 'planned',
    plan: {
      changes: [
        { action: 'change', what: 'Security group of the load balancer' },
        { action: 'replace', what: 'Mount target' },
        { action: 'remove', what: 'Instance that sessions go through' },
      ],
      monthlyUsd: 0,
      warnings: [],
    },
  }),
  stackScene('stack-deploying', {
    kind: 'deploying',
    step: 'Making the mount target, which takes longest',
    fraction: 0.62,
  }),
  stackScene(
    'stack-stop',
    { kind: 'deploying', step: 'Making the network', fraction: 0.2 },
    press('Cancel…'),
  ),
  stackScene('stack-cancelling', { kind: 'cancelling' }),
  stackScene('stack-deployed', { kind: 'deployed', choice: stackChoice }),
  stackScene('stack-failed', {
    kind: 'failed',
    error: { code: 'stack-quota', args: { resource: 'the network', reason: 'VpcLimitExceeded' } },
  }),
]

export async function goToNewStack(page: Page): Promise<void> {
  await press('Add drive…', /New S3 Files stack/)(page)
  await page.getByLabel('AWS profile').fill('studio')
  await page.getByLabel('Name of the stack').fill('mountbar-photos')
}

function stackScene(
  name: string,
  state: StackProgressState,
  then: Scene['go'] = () => Promise.resolve(),
): Scene {
  return {
    name,
    main: () => fakeMountbarBridge(busySnapshot({ stacks: [stackOf(state)] })),
    go: async (page) => {
      await page
        .getByRole('button', { name: / mountbar-photos$/ })
        .first()
        .click()
      await then(page)
    },
  }
}
