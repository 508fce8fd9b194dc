import type { StackContext } from '../stack-context.ts'
import { addAllowedCidrs } from './allowed-cidrs.ts'
import type { MountTargetPart } from './mount-target.ts'
import type { WayInPart } from './way-in-part.ts'

/** Nothing public: whoever is routed to the mount target's address connects to it. */
export function addPrivateWayIn(context: StackContext, mountTarget: MountTargetPart): WayInPart {
  addAllowedCidrs(context, mountTarget.securityGroupId)
  return { endpoint: mountTarget.address, outputs: {} }
}
