import type { ParameterValues } from '../stack-parameters.ts'
import type { AwsTarget, StackName, WayIn } from '../stack.ts'

/** What somebody wants deployed. What is absent stays as it is in a stack that is there, and is chosen for a new one. */
export interface DeployRequest {
  readonly target: AwsTarget
  readonly name: StackName
  readonly wayIn?: WayIn
  /** A bucket to use; without one a new stack makes its own. */
  readonly existingBucket?: string
  readonly newBucket?: string
  readonly prefix?: string
  /** Ranges that may connect; three at most. */
  readonly cidrs?: readonly string[]
  /** Needed for `0.0.0.0/0`. */
  readonly openToTheInternet?: boolean
  readonly network?: {
    readonly vpcId: string
    readonly subnetId: string
    readonly mountTargetAddress: string
  }
  readonly kmsKeyArn?: string
  /** Any other parameter of the template, by its name there. */
  readonly more?: ParameterValues
}
