import { AwsAccount } from './account.ts'
import { ServiceFaults } from './faults.ts'
import { IdentityCenterState, usualTimes, type IdentityCenterTimes } from './identity-center-state.ts'
import { answerOidc, type OidcCallSeen, type OidcOperation } from './oidc-service.ts'
import { oidcError } from './oidc-errors.ts'
import { answerPortal, portalError, type Assignment, type PortalOperation } from './portal-service.ts'
import { startAwsService, type AwsService } from './service.ts'

export interface IdentityCenterOptions {
  /** The service's clock; that of the machine when absent. */
  readonly now?: () => number
  /** How far the service's `Date` headers are from that clock. */
  readonly dateSkewMs?: number
  readonly times?: Partial<IdentityCenterTimes>
  readonly assignments?: readonly Assignment[]
  /** Shared with an STS, where there is one. */
  readonly account?: AwsAccount
}

/** An IAM Identity Center on this machine: real HTTP, nothing behind it. */
export interface LocalIdentityCenter extends AsyncDisposable {
  readonly startUrl: string
  readonly region: string
  readonly oidc: AwsService
  readonly portal: AwsService
  readonly state: IdentityCenterState
  readonly oidcFaults: ServiceFaults<OidcOperation>
  readonly portalFaults: ServiceFaults<PortalOperation>
  readonly oidcCalls: readonly OidcCallSeen[]
  readonly portalCalls: readonly PortalOperation[]
  /** What a person does who was given the code of the newest device request. */
  decideDevice(decision: 'approved' | 'denied'): void
}

const startUrl = 'https://d-0000000000.awsapps.com/start'

export const exampleAssignment: Assignment = {
  accountId: '111122223333',
  accountName: 'Example',
  roleName: 'FilesUser',
}

export async function startIdentityCenter({
  now = Date.now,
  dateSkewMs = 0,
  times = {},
  assignments = [exampleAssignment],
  account = new AwsAccount(),
}: IdentityCenterOptions = {}): Promise<LocalIdentityCenter> {
  const state = new IdentityCenterState(now, { ...usualTimes, ...times })
  const oidcFaults = new ServiceFaults<OidcOperation>()
  const portalFaults = new ServiceFaults<PortalOperation>()
  const oidcCalls: OidcCallSeen[] = []
  const portalCalls: PortalOperation[] = []
  const nowMs = (): number => now() + dateSkewMs
  const oidcParts = { state, startUrl, faults: oidcFaults, calls: oidcCalls }
  const portalParts = { state, account, assignments, faults: portalFaults, calls: portalCalls }
  await using started = new AsyncDisposableStack()
  const oidc = started.use(
    await startAwsService({
      answer: (request) => answerOidc(request, oidcParts),
      nowMs,
      refuse: (code) => oidcError(code === 'Throttling' ? 'ThrottlingException' : 'InternalServerException'),
    }),
  )
  const portal = started.use(
    await startAwsService({
      answer: (request) => answerPortal(request, portalParts),
      nowMs,
      refuse: (code, status) =>
        code === 'Throttling'
          ? portalError(429, 'TooManyRequestsException', code)
          : portalError(status, 'InternalServerException', code),
    }),
  )
  const all = started.move()
  return {
    startUrl,
    region: 'eu-central-1',
    oidc,
    portal,
    state,
    oidcFaults,
    portalFaults,
    oidcCalls,
    portalCalls,
    decideDevice: (decision) => {
      const device = [...state.devices.values()].at(-1)
      if (device === undefined) throw new Error('nobody has asked for a device code')
      device.decision = decision
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
