import type { AgentState, TunnelHealth } from '../api/control.ts'
import type { BridgeErrorBody, BridgeErrorCode } from '../api/errors.ts'
import type { ProbeResult } from './probe/prober.ts'

/** What is known; the state is read off it, never kept beside it. */
export interface AgentFacts {
  readonly isStopping: boolean
  readonly mount: 'none' | 'mounting' | 'mounted'
  readonly mountError?: BridgeErrorBody
  /** Since it was last mounted. */
  readonly failedMounts: number
  readonly probe: 'unknown' | 'answered' | 'silent' | 'failed'
  readonly probeError?: BridgeErrorBody
  readonly filesAreServed: boolean
  readonly hasBeenReady: boolean
  readonly tunnel: TunnelHealth
}

export type AgentEvent =
  | { readonly type: 'tunnel'; readonly tunnel: TunnelHealth }
  | { readonly type: 'mount-began' }
  | { readonly type: 'mount-failed'; readonly error: BridgeErrorBody }
  | { readonly type: 'mounted' }
  | { readonly type: 'mount-lost' }
  | { readonly type: 'probed'; readonly result: ProbeResult }
  | { readonly type: 'files-served' }
  | { readonly type: 'files-gone' }
  | { readonly type: 'stopping' }

export interface AgentView {
  readonly state: AgentState
  readonly error?: BridgeErrorBody
}

export const initialFacts: AgentFacts = {
  isStopping: false,
  mount: 'none',
  failedMounts: 0,
  probe: 'unknown',
  filesAreServed: false,
  hasBeenReady: false,
  tunnel: { state: 'unknown', restarts: 0 },
}

/** Failures that trying again will not change; the agent does so all the same, but slowly, and says `failed` at once. */
const lasting: ReadonlySet<BridgeErrorCode> = new Set([
  'access-denied',
  'mount-path-missing',
  'kernel-without-nfs',
  'mount-not-permitted',
  'tunnel-missing',
  'tunnel-identity-unreadable',
  'tunnel-port-taken',
  'server-untrusted',
  'server-name-wrong',
])

/** Others become a failure when they come again and again. */
const patienceMounts = 3

/** What mount.nfs4 knows itself; behind anything else is most often what the tunnel says. */
const knownByMount: ReadonlySet<BridgeErrorCode> = new Set([
  'access-denied',
  'mount-path-missing',
  'kernel-without-nfs',
  'mount-not-permitted',
])

/** The facts after an event. */
export function nextFacts(facts: AgentFacts, event: AgentEvent): AgentFacts {
  const next = afterEvent(facts, event)
  return viewOf(next).state === 'ready' ? { ...next, hasBeenReady: true } : next
}

/** The state that the facts amount to, and why it is not a better one. */
export function viewOf(facts: AgentFacts): AgentView {
  if (facts.isStopping) return { state: 'stopping' }
  return facts.mount === 'mounted' ? viewOfMounted(facts) : viewOfUnmounted(facts)
}

function viewOfMounted({ probe, probeError, filesAreServed, hasBeenReady, tunnel }: AgentFacts): AgentView {
  if (probe === 'answered' && filesAreServed) return { state: 'ready' }
  if (probe === 'silent' || probe === 'failed') {
    return { state: 'stalled', error: tunnel.error ?? probeError ?? { code: 'stalled', args: {} } }
  }
  return hasBeenReady ? { state: 'stalled', error: { code: 'stalled', args: {} } } : { state: 'connecting' }
}

function viewOfUnmounted({ mount, mountError, failedMounts, tunnel }: AgentFacts): AgentView {
  const error = causeOf(mountError, tunnel.error)
  if (error === undefined) return { state: mount === 'none' ? 'starting' : 'connecting' }
  const hasFailed = lasting.has(error.code) || failedMounts >= patienceMounts
  return { state: hasFailed ? 'failed' : 'connecting', error }
}

function causeOf(
  mountError: BridgeErrorBody | undefined,
  tunnelError: BridgeErrorBody | undefined,
): BridgeErrorBody | undefined {
  if (mountError !== undefined && knownByMount.has(mountError.code)) return mountError
  return tunnelError ?? mountError
}

function afterEvent(facts: AgentFacts, event: AgentEvent): AgentFacts {
  switch (event.type) {
    case 'tunnel':
      return { ...facts, tunnel: event.tunnel }
    case 'mount-began':
      return facts.mount === 'mounted' ? facts : { ...facts, mount: 'mounting' }
    case 'mount-failed':
      return {
        ...facts,
        mount: 'mounting',
        mountError: event.error,
        failedMounts: facts.failedMounts + 1,
      }
    case 'mounted': {
      const { mountError: _mountError, probeError: _probeError, ...rest } = facts
      return { ...rest, mount: 'mounted', failedMounts: 0, probe: 'unknown' }
    }
    case 'mount-lost': {
      const { probeError: _, ...rest } = facts
      return {
        ...rest,
        mount: 'mounting',
        probe: 'unknown',
        mountError: { code: 'mount-lost', args: {} },
      }
    }
    case 'probed':
      return facts.mount === 'mounted' ? afterProbe(facts, event.result) : facts
    case 'files-served':
      return { ...facts, filesAreServed: true }
    case 'files-gone':
      return { ...facts, filesAreServed: false }
    case 'stopping':
      return { ...facts, isStopping: true }
  }
}

function afterProbe(facts: AgentFacts, result: ProbeResult): AgentFacts {
  const { probeError: _, ...rest } = facts
  switch (result.type) {
    case 'answered':
      return { ...rest, probe: 'answered' }
    case 'silent':
      return { ...rest, probe: 'silent' }
    case 'failed':
      return { ...rest, probe: 'failed', probeError: explainFailedProbe(result.code) }
  }
}

/** A live mount that is refused is one whose tunnel identity the server does not take any more. */
function explainFailedProbe(code: string): BridgeErrorBody {
  return { code: code === 'EACCES' || code === 'EPERM' ? 'access-denied' : 'backend-failed', args: { code } }
}
