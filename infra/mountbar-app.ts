import { App, Validations, type AppProps, type Stack } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'

import { wayIns, type WayIn } from './api/way-in.ts'
import { acceptedFindings, acceptFindings, type AcceptedFinding } from './accepted-findings.ts'
import { addMountbarStack } from './mountbar-stack.ts'

export interface MountbarApp {
  readonly app: App
  readonly stacks: ReadonlyMap<WayIn, Stack>
}

/**
 * One stack per way in. When it is synthesized, cdk-nag looks for what is unsafe and AWS's own validator, which comes with the CDK, for what
 * CloudFormation would refuse; both end in `validation-report.json` of the output folder, and a finding that is not accepted fails.
 */
export function mountbarApp(
  props: AppProps = {},
  accepted: readonly AcceptedFinding[] = acceptedFindings,
): MountbarApp {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...props,
    postCliContext: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  })
  const stacks = new Map(wayIns.map((wayIn) => [wayIn, addMountbarStack(app, wayIn)]))
  for (const stack of stacks.values()) acceptFindings(stack, accepted)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return { app, stacks }
}
