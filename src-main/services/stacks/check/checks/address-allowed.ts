import { AppError } from '../../../../shared/errors.ts'
import { allowedCidrsOf, isWithin } from '../../access/allowed-cidrs.ts'
import { passed, untried, type DriveCheck } from '../drive-check.ts'

/** Only a load balancer of one of our stacks says whom it lets in. */
export const addressAllowed: DriveCheck = {
  id: 'address-allowed',
  title: 'Your public address',
  applicable: async (facts) => (await facts.stack())?.wayIn === 'nlb',
  check: async (facts) => {
    const stack = await facts.stack()
    if (stack === undefined) return untried('the stack is gone')
    const allowed = allowedCidrsOf(stack.parameters)
    const address = await facts.publicAddress()
    if (allowed.some((cidr) => isWithin(address, cidr))) return passed(`${address} is let in`)
    throw new AppError('address-not-allowed', { address, allowed: allowed.join(', '), name: stack.name })
  },
}
