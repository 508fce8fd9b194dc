import type * as Sdk from '@aws-sdk/client-cloudformation'
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'

import { AppError } from '../../../shared/errors.ts'
import { readOutputs } from '../stack-outputs.ts'
import { wayInOf, wayInTag, type AwsTarget, type StackName, type StackView, type WayIn } from '../stack.ts'
import type { Clients } from './clients.ts'
import { changeOf, eventOf, type ChangeSetView, type StackEvent } from './stack-facts.ts'

export interface StackTag {
  readonly Key: string
  readonly Value: string
}

/** A stack as CloudFormation has it, whoever made it. */
export interface FoundStack {
  readonly name: StackName
  readonly id: string
  readonly status: string
  readonly statusReason?: string
  readonly tags: readonly StackTag[]
  /** Absent when it is not one of ours. */
  readonly view?: StackView
}

export interface ChangeSetWish {
  readonly name: StackName
  readonly changeSetName: string
  readonly isNew: boolean
  readonly wayIn: WayIn
  /** What the stack is tagged with now; without it its tags stay as they are. */
  readonly hadTags?: readonly StackTag[]
  /** Absent: the one that the stack has. */
  readonly templateBody?: string
  /** `undefined` keeps the value that the stack has. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  /** Makes a repeated request the same one. */
  readonly token: string
}

/** CloudFormation in one region, with one profile's credentials. */
export interface StackApi {
  /** `undefined` where there is none of the name, or it is deleted. An id finds a deleted one too. */
  find(nameOrId: string, signal: AbortSignal): Promise<FoundStack | undefined>
  /** All of ours, in no particular order. */
  list(signal: AbortSignal): Promise<readonly StackView[]>
  /** @throws AppError `stack-plan-failed` when CloudFormation refuses template or parameters. */
  makeChangeSet(
    wish: ChangeSetWish,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly stackId: string }>
  /** `undefined` when it is gone. */
  describeChangeSet(id: string, signal: AbortSignal): Promise<ChangeSetView | undefined>
  deleteChangeSet(id: string, signal: AbortSignal): Promise<void>
  /** @throws AppError `stack-plan-outdated` when it can no longer be executed. */
  execute(changeSetId: string, token: string, signal: AbortSignal): Promise<void>
  /** Oldest first. Stops looking back at the event `isEnough` says yes to, which is among them. */
  events(
    stackId: string,
    isEnough: (event: StackEvent) => boolean,
    signal: AbortSignal,
  ): Promise<readonly StackEvent[]>
  cancelUpdate(stackId: string, token: string, signal: AbortSignal): Promise<void>
  delete(stackId: string, token: string, signal: AbortSignal): Promise<void>
}

export function openStackApi(clients: Clients, target: AwsTarget): StackApi {
  const use = <T>(
    operation: string,
    signal: AbortSignal,
    work: (client: CloudFormationClient, sdk: typeof Sdk) => Promise<T>,
  ): Promise<T> => clients.cloudFormation({ action: `cloudformation:${operation}`, target, signal }, work)
  return {
    find: (nameOrId, signal) =>
      use('DescribeStacks', signal, async (client, sdk) => {
        const command = new sdk.DescribeStacksCommand({ StackName: nameOrId })
        const answer = client.send(command, { abortSignal: signal })
        const { Stacks = [] } = await answer.catch(nothingFor(/does not exist/, { Stacks: [] }))
        return Stacks.map((stack) => foundStack(stack, target))[0]
      }),
    list: (signal) =>
      use('DescribeStacks', signal, async (client, sdk) => {
        const stacks: StackView[] = []
        for await (const { Stacks = [] } of sdk.paginateDescribeStacks(
          { client },
          {},
          { abortSignal: signal },
        ))
          stacks.push(...Stacks.flatMap((stack) => foundStack(stack, target).view ?? []))
        return stacks
      }),
    makeChangeSet: (wish, signal) =>
      use('CreateChangeSet', signal, async (client, sdk) => {
        const command = new sdk.CreateChangeSetCommand(changeSetInput(wish))
        const answer = await client.send(command, { abortSignal: signal }).catch(refusedPlan)
        return { id: answer.Id ?? '', stackId: answer.StackId ?? '' }
      }),
    describeChangeSet: (id, signal) =>
      use('DescribeChangeSet', signal, async (client, sdk) => {
        const changes: Sdk.Change[] = []
        for (let token: string | undefined; ;) {
          const command = new sdk.DescribeChangeSetCommand({ ChangeSetName: id, NextToken: token })
          const answer = client.send(command, { abortSignal: signal })
          const page = await answer.catch(nothingFor(/does not exist/, undefined))
          if (page === undefined) return undefined
          changes.push(...(page.Changes ?? []))
          token = page.NextToken
          if (token !== undefined) continue
          const {
            Status: status = '',
            ExecutionStatus: executionStatus = '',
            StatusReason: reason = '',
          } = page
          return { status, executionStatus, reason, changes: changes.flatMap(changeOf) }
        }
      }),
    deleteChangeSet: (id, signal) =>
      use('DeleteChangeSet', signal, async (client, sdk) => {
        const command = new sdk.DeleteChangeSetCommand({ ChangeSetName: id })
        await client
          .send(command, { abortSignal: signal })
          .catch(nothingFor(/does not exist|cannot be deleted/, undefined))
      }),
    execute: (id, token, signal) =>
      use('ExecuteChangeSet', signal, async (client, sdk) => {
        const command = new sdk.ExecuteChangeSetCommand({ ChangeSetName: id, ClientRequestToken: token })
        await client.send(command, { abortSignal: signal }).catch(outdatedPlan)
      }),
    events: (stackId, isEnough, signal) =>
      use('DescribeStackEvents', signal, async (client, sdk) => {
        const found: StackEvent[] = []
        for await (const page of sdk.paginateDescribeStackEvents(
          { client },
          { StackName: stackId },
          { abortSignal: signal },
        )) {
          for (const event of (page.StackEvents ?? []).map(eventOf)) {
            found.unshift(event)
            if (isEnough(event)) return found
          }
        }
        return found
      }),
    cancelUpdate: (stackId, token, signal) =>
      use('CancelUpdateStack', signal, async (client, sdk) => {
        const command = new sdk.CancelUpdateStackCommand({ StackName: stackId, ClientRequestToken: token })
        await client.send(command, { abortSignal: signal })
      }),
    delete: (stackId, token, signal) =>
      use('DeleteStack', signal, async (client, sdk) => {
        const command = new sdk.DeleteStackCommand({ StackName: stackId, ClientRequestToken: token })
        await client.send(command, { abortSignal: signal })
      }),
  }
}

function changeSetInput(wish: ChangeSetWish): Sdk.CreateChangeSetCommandInput {
  return {
    StackName: wish.name,
    ChangeSetName: wish.changeSetName,
    ChangeSetType: wish.isNew ? 'CREATE' : 'UPDATE',
    ...(wish.templateBody === undefined
      ? { UsePreviousTemplate: true }
      : { TemplateBody: wish.templateBody }),
    // The role of S3 Files, and with `ssm` the instance's: neither has a name of ours.
    Capabilities: ['CAPABILITY_IAM'],
    Parameters: Object.entries(wish.parameters).map(([ParameterKey, value]) =>
      value === undefined
        ? { ParameterKey, UsePreviousValue: true }
        : { ParameterKey, ParameterValue: value },
    ),
    ...tagsOf(wish),
    ClientToken: wish.token,
    Description: 'Made by Mountbar',
  }
}

/** Tags that are given replace all there are, those of others too. */
function tagsOf({ isNew, wayIn, hadTags }: ChangeSetWish): Pick<Sdk.CreateChangeSetCommandInput, 'Tags'> {
  const own = { Key: wayInTag, Value: wayIn }
  if (isNew) return { Tags: [own] }
  const isTagged = hadTags?.some(({ Key, Value }) => Key === wayInTag && Value === wayIn) ?? true
  if (isTagged) return {}
  const others = hadTags?.filter(({ Key }) => Key !== wayInTag && !Key.startsWith('aws:')) ?? []
  return { Tags: [...others, own] }
}

function foundStack(stack: Sdk.Stack, target: AwsTarget): FoundStack {
  const { StackName: name = '', StackId: id = name, StackStatus: status = '', StackStatusReason } = stack
  const tags = (stack.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }))
  const wayIn = wayInOf({ tags, description: stack.Description })
  const reason = StackStatusReason === undefined ? {} : { statusReason: StackStatusReason }
  if (wayIn === undefined) return { name, id, status, ...reason, tags }
  const outputs = readOutputs(stack.Outputs ?? [])
  const parameters = Object.fromEntries(
    (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [
      ParameterKey,
      ParameterValue,
    ]),
  )
  const view: StackView = {
    ...target,
    name,
    id,
    status,
    ...reason,
    wayIn,
    parameters,
    createdAtMs: stack.CreationTime?.getTime() ?? 0,
    ...(outputs !== undefined && { outputs }),
  }
  return { name, id, status, ...reason, tags, view }
}

/** CloudFormation has the name `ValidationError` for nearly all, and tells the difference in words. */
function nothingFor<T>(words: RegExp, nothing: T) {
  return (error: unknown): T => {
    if (error instanceof Error && words.test(error.message)) return nothing
    throw error
  }
}

function refusedPlan(error: unknown): never {
  if (!(error instanceof Error)) throw error
  const names = ['ValidationError', 'InsufficientCapabilitiesException', 'LimitExceededException']
  if (!names.includes(error.name)) throw error
  throw new AppError('stack-plan-failed', { reason: error.message }, { cause: error })
}

function outdatedPlan(error: unknown): never {
  if (!(error instanceof Error)) throw error
  const isGone = ['ChangeSetNotFoundException', 'ChangeSetNotFound'].includes(error.name)
  const isSpent = ['InvalidChangeSetStatusException', 'InvalidChangeSetStatus'].includes(error.name)
  if (!isGone && !isSpent) throw error
  throw new AppError('stack-plan-outdated', {}, { cause: error })
}
