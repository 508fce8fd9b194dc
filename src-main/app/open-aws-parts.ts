import { join } from 'node:path'

import type { askAws } from '../composition/aws/ask-aws.ts'
import type { Base } from '../composition/compose-base.ts'
import type { Vitals } from '../services/vitals/vitals.ts'
import type { AwsAccounts } from './accounts/account-book.ts'
import { exportQuietMsOf } from './export-quiet.ts'
import { findBucket } from './drives/find-bucket.ts'
import type { AppParts, Lookup, Stacks } from './parts.ts'
import type { Desktop } from './ports.ts'
import { AppStacks } from './stacks/app-stacks.ts'
import { stackChoiceOf } from './stacks/stack-choice.ts'
import { createStackNotes } from './stacks/stack-notes.ts'

export interface AwsParts extends AsyncDisposable {
  readonly aws: () => Promise<AwsAccounts>
  readonly lookup: Lookup
  readonly stacks: Stacks
  readonly letIn: AppParts['letIn']
  readonly vitals: Vitals
}

/** What asks AWS. Its code is loaded with the first question, and its clients with the first that is theirs. */
export async function openAwsParts(
  { machine, mfa, dirs, clock, log }: Pick<Base, 'machine' | 'mfa' | 'dirs' | 'clock' | 'log'>,
  { openUrl }: Pick<Desktop, 'openUrl'>,
): Promise<AwsParts> {
  const { env, homeDir } = machine
  const { createVitals } = await import('../services/vitals/create-vitals.ts')
  await using opened = new AsyncDisposableStack()

  let current: ReturnType<typeof askAws> | undefined
  const openAsker = async () => {
    const [{ openCredentials }, asking] = await Promise.all([
      import('../composition/aws/open-credentials.ts'),
      import('../composition/aws/ask-aws.ts'),
    ])
    const credentials = opening.use(openCredentials({ env, homeDir, dirs, clock, log }))
    current = asking.askAws(credentials)
    return { credentials, asker: current }
  }
  const opening = opened.use(new DisposableStack())
  let asker: ReturnType<typeof openAsker> | undefined
  const ask = async () => await (asker ??= openAsker())
  let accounts: Promise<AwsAccounts> | undefined
  const openAccounts = async (): Promise<AwsAccounts> => {
    const { openAws } = await import('../composition/aws/open-aws.ts')
    return openAws({ env, homeDir, dirs, openUrl: (url) => openUrl(url), clock, log })
  }

  const s3 = async () => {
    const { createS3Objects } = await import('../services/vitals/aws/s3-objects.ts')
    return createS3Objects((await ask()).asker)
  }
  const vitals = opened.use(
    createVitals({
      objects: {
        head: async (...asked) => await (await s3()).head(...asked),
        list: async (...asked) => await (await s3()).list(...asked),
        skewMs: () => current?.skewMs(),
      },
      metrics: {
        get: async (...asked) => {
          const { createCloudWatchMetrics } = await import('../services/vitals/aws/cloudwatch-metrics.ts')
          return await createCloudWatchMetrics((await ask()).asker, () => clock.now()).get(...asked)
        },
      },
      clock,
      log,
      quietMs: exportQuietMsOf(env),
    }),
  )
  /** @param isAsked somebody waits for it, who can be asked for a code. */
  const openStacks = async (isAsked = true) => {
    const [opener, { credentials }] = await Promise.all([
      import('../composition/stacks/open-stacks.ts'),
      ask(),
    ])
    const askMfaCode = isAsked ? mfa.ask : undefined
    const options = { credentials, askMfaCode, programUrl: machine.programUrl, env, clock }
    return { credentials, stacks: opener.openStacks(options) }
  }
  const connect = async (profile: string | undefined, region: string, isAsked = true) => {
    const [{ createS3Files }, { credentials, stacks }] = await Promise.all([
      import('../services/stacks/aws/s3files.ts'),
      openStacks(isAsked),
    ])
    const target = { profile: profile ?? credentials.profiles.defaultName, region }
    return { deployments: stacks.deployments, s3Files: createS3Files(stacks.clients), target }
  }
  const appStacks = new AppStacks({
    open: async () => {
      const [{ planCost }, { stacks }] = await Promise.all([
        import('../services/stacks/deploy/deploy-plan.ts'),
        openStacks(),
      ])
      return {
        deployments: stacks.deployments,
        targetOf: (chosen) => stacks.targetOf(chosen),
        costOf: (wayIn) => planCost(wayIn).standingUsd,
      }
    },
    list: async (profile, region, signal) => {
      const { deployments, target } = await connect(profile, region)
      return (await deployments.list(target, signal)).map(stackChoiceOf)
    },
    notes: createStackNotes(join(dirs.stateDir, 'stacks.json'), log),
    clock,
    log,
  })
  opened.defer(() => appStacks.end())

  const all = opened.move()
  return {
    aws: async () => await (accounts ??= openAccounts()),
    lookup: {
      fileSystems: async (profile, region, signal) => {
        const { listFileSystems } = await import('../services/stacks/connect/list-file-systems.ts')
        const { s3Files, target } = await connect(profile, region)
        return await listFileSystems(target, s3Files, signal)
      },
      waysIn: async (profile, region, fileSystemId, signal) => {
        const { findWaysIn } = await import('../services/stacks/connect/find-ways-in.ts')
        const { s3Files, deployments, target } = await connect(profile, region)
        return await findWaysIn(fileSystemId, target, { s3Files, stacks: deployments }, signal)
      },
      bucketOf: async (fileSystem, signal) => {
        const { s3Files, target } = await connect(fileSystem.profile, fileSystem.region, false)
        return await findBucket(fileSystem, target, s3Files, signal)
      },
    },
    stacks: appStacks,
    letIn: async (drive, signal) => {
      const [{ createConnections }, { credentials, stacks }] = await Promise.all([
        import('../composition/stacks/connections.ts'),
        openStacks(),
      ])
      const parts = { stacks, credentials, askMfaCode: mfa.ask, env, clock, log }
      await createConnections(parts).letIn(drive, signal)
    },
    vitals,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
