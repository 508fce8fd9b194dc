import type { askAws } from '../composition/aws/ask-aws.ts'
import type { Base } from '../composition/compose-base.ts'
import type { Vitals } from '../services/vitals/vitals.ts'
import { stackChoiceOf } from './stack-choice.ts'
import type { AwsAccounts } from './accounts/account-book.ts'
import { exportQuietMsOf } from './export-quiet.ts'
import type { Lookup, Stacks } from './parts.ts'
import type { Desktop } from './ports.ts'

export interface AwsParts extends AsyncDisposable {
  readonly aws: () => Promise<AwsAccounts>
  readonly lookup: Lookup
  readonly listStacks: Stacks['list']
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
  const connect = async (profile: string | undefined, region: string) => {
    const [{ openStacks }, { createS3Files }, { credentials }] = await Promise.all([
      import('../composition/stacks/open-stacks.ts'),
      import('../services/stacks/aws/s3files.ts'),
      ask(),
    ])
    const { deployments, clients } = openStacks({
      credentials,
      askMfaCode: mfa.ask,
      programUrl: machine.programUrl,
      env,
      clock,
    })
    const target = { profile: profile ?? credentials.profiles.defaultName, region }
    return { deployments, s3Files: createS3Files(clients), target }
  }

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
    },
    listStacks: async (profile, region, signal) => {
      const { deployments, target } = await connect(profile, region)
      return (await deployments.list(target, signal)).map(stackChoiceOf)
    },
    vitals,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
