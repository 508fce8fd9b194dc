import type { ClientAction } from '../identity/authority.ts'
import type { Verdict } from '../identity/judge.ts'
import { anonymousUser, type PosixUser } from '../rpc/caller.ts'

/** What a verdict means for the calls of a connection. */
export interface Admission {
  readonly admitted: boolean
  readonly mayWrite: boolean
  /** Whom every call is made for; `undefined`: for whom the client says. */
  readonly actsAs: PosixUser | undefined
}

/** @param refusesAll the simulator's own knob, above any certificate */
export function admissionFor(verdict: Verdict, refusesAll: boolean): Admission {
  const may = (action: ClientAction): boolean => verdict.actions.includes(action)
  return {
    admitted: verdict.refusals.length === 0 && !refusesAll,
    mayWrite: may('s3files:ClientWrite'),
    actsAs: verdict.accessPoint?.user ?? (may('s3files:ClientRootAccess') ? undefined : anonymousUser),
  }
}
