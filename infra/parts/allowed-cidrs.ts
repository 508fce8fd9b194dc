import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2'

import { onlyWhen, type StackContext } from '../stack-context.ts'
import { nfsPort } from './mount-target.ts'

/** Rules of their own, not part of the group, so that a changed range changes one rule and no more. */
export function addAllowedCidrs(context: StackContext, securityGroupId: string): void {
  const { stack, value, isGiven } = context
  for (const name of ['AllowedCidr', 'AllowedCidr2', 'AllowedCidr3']) {
    const rule = new CfnSecurityGroupIngress(stack, `${name}Rule`, {
      groupId: securityGroupId,
      description: `Mountbar: ${name}`,
      ipProtocol: 'tcp',
      fromPort: nfsPort,
      toPort: nfsPort,
      cidrIp: value(name),
    })
    if (name !== 'AllowedCidr') onlyWhen(isGiven(name), rule)
  }
}
