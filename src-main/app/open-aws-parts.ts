import type { askAws } from '../composition/aws/ask-aws.ts'
import type { Base } from '../composition/compose-base.ts'
import type { StackLookup } from '../services/stacks/connect/stack-lookup.ts'
import type { Vitals } from '../services/vitals/vitals.ts'
import type { AwsAccounts } from './accounts/account-book.ts'
import type { Lookup } from './parts.ts'
import type { Desktop } from './ports.ts'

export interface AwsParts extends AsyncDisposable {
  readonly aws: () => Promise<AwsAccounts>
  readonly lookup: Lookup
  readonly vitals: Vitals
}

/** What asks AWS. Its code is loaded with the first question, and its clients with the first that is theirs. */
export async function openAwsParts(
  { machine, dirs, clock, log }: Pick<Base, 'machine' | 'dirs' | 'clock' | 'log'>,
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
    }),
  )
  const s3Files = async (profile: string | undefined, region: string) => {
    const [{ createClients }, { createS3Files }, { openStackApi }, { asker: aws, credentials }] =
      await Promise.all([
        import('../services/stacks/aws/clients.ts'),
        import('../services/stacks/aws/s3files.ts'),
        import('../services/stacks/aws/stack-api.ts'),
        ask(),
      ])
    const whoIs = async (of: string, at: string, signal: AbortSignal) => {
      return await credentials.sts.whoIs(await aws.credentialsOf(of, signal), at, signal)
    }
    const target = { profile: profile ?? credentials.profiles.defaultName, region }
    const clients = createClients({ ...aws, whoIs })
    const stacks: Pick<StackLookup, 'list'> = {
      list: (at, signal) => openStackApi(clients, at).list(signal),
    }
    return { s3Files: createS3Files(clients), stacks, target }
  }

  const all = opened.move()
  return {
    aws: async () => await (accounts ??= openAccounts()),
    lookup: {
      fileSystems: async (profile, region, signal) => {
        const { listFileSystems } = await import('../services/stacks/connect/list-file-systems.ts')
        const { s3Files: control, target } = await s3Files(profile, region)
        return await listFileSystems(target, control, signal)
      },
      waysIn: async (profile, region, fileSystemId, signal) => {
        const { findWaysIn } = await import('../services/stacks/connect/find-ways-in.ts')
        const { target, ...parts } = await s3Files(profile, region)
        return await findWaysIn(fileSystemId, target, parts, signal)
      },
    },
    vitals,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
