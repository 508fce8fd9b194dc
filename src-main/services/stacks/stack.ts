import { wayIns, type WayIn } from '../../../infra/api/way-in.ts'
import type { StackOutputs } from './stack-outputs.ts'

export { wayIns, type WayIn }

/** As CloudFormation wants it; `stackNamePattern` says what that is. */
export type StackName = string

export const stackNamePattern = /^[A-Za-z][A-Za-z0-9-]{0,127}$/

/** On each of our stacks, with the way in as its value; on its resources too. */
export const wayInTag = 'mountbar:way-in'

/** How the templates describe themselves: a stack that somebody made from one of them by hand has this and no tag. */
const ownDescription = /^Mountbar: .* way in: (\w+)\.$/

/** Where a stack is, and with whose credentials it is reached. */
export interface AwsTarget {
  readonly profile: string
  readonly region: string
}

/** One of our stacks, as CloudFormation shows it. */
export interface StackView extends AwsTarget {
  readonly name: StackName
  /** The ARN, which stays good for a stack that is gone. */
  readonly id: string
  /** As CloudFormation names it: `CREATE_COMPLETE`. */
  readonly status: string
  readonly statusReason?: string
  readonly wayIn: WayIn
  /** Absent until the stack has them all. */
  readonly outputs?: StackOutputs
  /** What it was deployed with, by the names of the template. */
  readonly parameters: Readonly<Record<string, string>>
  readonly createdAtMs: number
}

/** What `DescribeStacks` says of a stack, as far as it matters here. */
export interface StackFacts {
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
  readonly description: string | undefined
}

/** `undefined` for a stack that is not ours. */
export function wayInOf({ tags, description = '' }: StackFacts): WayIn | undefined {
  const said = tags.find(({ Key }) => Key === wayInTag)?.Value ?? ownDescription.exec(description)?.[1]
  return wayIns.find((wayIn) => wayIn === said)
}
