import { AppError } from '../../../shared/errors.ts'
import type { StackView } from '../stack.ts'
import { allowedCidrsOf, isWithin } from './allowed-cidrs.ts'

/** What to do so that an address may connect. */
export type AccessDecision =
  | { readonly kind: 'allowed' }
  /** The one rule that Mountbar keeps up to date names another address. */
  | { readonly kind: 'replace'; readonly from: string; readonly to: string }

/** In which a stack can be changed. */
const settled = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']

/**
 * Only the range that a stack was deployed with is ever replaced, and only by one address when it is one: a range that somebody chose stays as it
 * is, and so do `AllowedCidr2`, `AllowedCidr3` and what somebody added to the security group.
 * @throws AppError `access-not-changeable`, `stack-busy`, `stack-stuck`
 */
export function decideAccess(stack: StackView, address: string): AccessDecision {
  const { name, wayIn, parameters, status } = stack
  const refused = (reason: string): AppError => new AppError('access-not-changeable', { name, reason })
  if (wayIn !== 'nlb') throw refused(`its way in, ${wayIn}, does not go by public addresses`)
  if (allowedCidrsOf(parameters).some((cidr) => isWithin(address, cidr))) return { kind: 'allowed' }
  const from = parameters['AllowedCidr'] ?? ''
  if (!from.endsWith('/32')) throw refused(`${from} is a range that was chosen, and not one address`)
  if (status.endsWith('_IN_PROGRESS')) throw new AppError('stack-busy', { name, status })
  if (!settled.includes(status)) throw new AppError('stack-stuck', { name, status })
  return { kind: 'replace', from, to: `${address}/32` }
}
