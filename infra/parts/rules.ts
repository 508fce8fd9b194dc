import { CfnRule, Fn } from 'aws-cdk-lib'

import { defaultMountTargetAddress } from '../api/parameters.ts'
import { anyAddress } from '../api/way-in-parameters.ts'
import type { StackContext } from '../stack-context.ts'

/** Combinations of parameters that CloudFormation refuses before it makes anything. */
export function addCommonRules({ stack, value }: StackContext): void {
  const isEmpty = (name: string) => Fn.conditionEquals(value(name), '')
  new CfnRule(stack, 'OneBucket', {
    assertions: [
      {
        assert: Fn.conditionOr(isEmpty('NewBucketName'), isEmpty('ExistingBucketName')),
        assertDescription: 'Give NewBucketName or ExistingBucketName, not both.',
      },
    ],
  })
  new CfnRule(stack, 'NetworkOfTheUser', {
    ruleCondition: Fn.conditionNot(Fn.conditionAnd(isEmpty('VpcId'), isEmpty('SubnetId'))),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionOr(isEmpty('VpcId'), isEmpty('SubnetId'))),
        assertDescription: 'VpcId and SubnetId go together.',
      },
      {
        assert: Fn.conditionNot(
          Fn.conditionEquals(value('MountTargetIpv4Address'), defaultMountTargetAddress),
        ),
        assertDescription: 'With a subnet of your own, MountTargetIpv4Address must be a free address in it.',
      },
    ],
  })
}

/** Open to everybody only when that is said in so many words. */
export function addOpenToTheInternetRule({ stack, value }: StackContext): void {
  new CfnRule(stack, 'NotOpenByAccident', {
    ruleCondition: Fn.conditionEquals(value('OpenToTheInternet'), 'no'),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionEquals(value('AllowedCidr'), anyAddress)),
        assertDescription: `${anyAddress} lets everybody connect. If you want that, set OpenToTheInternet to yes.`,
      },
    ],
  })
}
