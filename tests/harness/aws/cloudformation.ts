import { randomUUID } from 'node:crypto'

import { changesTo } from './cloudformation-changes.ts'
import { holds, type Template } from './cloudformation-functions.ts'
import {
  changeStack,
  deleteStack,
  makeStack,
  type Arrangements,
  type Operating,
} from './cloudformation-operations.ts'
import { checkTemplateInput } from './cloudformation-parameters.ts'
import {
  CloudFormationError,
  LocalStack,
  type ChangeSetInput,
  type LocalChangeSet,
} from './cloudformation-stack.ts'
import type { ResourceHost } from './resource-host.ts'

export interface CloudFormationOptions {
  readonly host: ResourceHost
  readonly region: string
  readonly accountId: string
  readonly nowMs: () => number
}

/**
 * CloudFormation of one account and region. It makes what the template says, in order, in turns: `advance` gives the next ones, and nothing happens
 * by itself.
 */
export class LocalCloudFormation implements Arrangements {
  readonly stacks: LocalStack[] = []
  readonly #options: CloudFormationOptions
  readonly #failures = new Map<string, string[]>()
  readonly #held = new Set<string>()

  constructor(options: CloudFormationOptions) {
    this.#options = options
  }

  /** The next time something is done with the resource, it fails for `reason`. */
  failNext(logicalId: string, reason: string): void {
    this.#failures.set(logicalId, [...(this.#failures.get(logicalId) ?? []), reason])
  }

  /** The resource stays in progress from when it is begun until it is released. */
  hold(logicalId: string): void {
    this.#held.add(logicalId)
  }

  release(logicalId: string): void {
    this.#held.delete(logicalId)
  }

  failureOf(logicalId: string): string | undefined {
    return this.#failures.get(logicalId)?.shift()
  }

  isHeld(logicalId: string): boolean {
    return this.#held.has(logicalId)
  }

  /** Lets as many things happen to every stack. */
  async advance(turns = 1): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1)
      for (const stack of this.stacks) {
        const { operation } = stack
        const isDone = (await operation?.next())?.done === true
        if (isDone && stack.operation === operation) stack.operation = undefined
      }
  }

  /** Lets happen what is going to, unless a resource is held. */
  async settle(): Promise<void> {
    const limit = 2_000
    for (
      let turn = 0;
      turn < limit && this.stacks.some(({ operation }) => operation !== undefined);
      turn += 1
    )
      await this.advance()
  }

  /** By id also one that is deleted. */
  find(nameOrId: string): LocalStack {
    const stack = this.stacks.findLast(
      ({ name, id, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    )
    if (stack === undefined)
      throw new CloudFormationError('ValidationError', `Stack with id ${nameOrId} does not exist`)
    return stack
  }

  createChangeSet(input: ChangeSetInput): { readonly changeSet: LocalChangeSet; readonly stack: LocalStack } {
    if (Buffer.byteLength(input.templateBody) > 51_200)
      throw new CloudFormationError('ValidationError', 'Member must have length less than or equal to 51200')
    const template = JSON.parse(input.templateBody) as Template
    const stack = this.#stackFor(input)
    const parameters = checkTemplateInput(template, input, stack.parameters)
    const scope = stack.scope(template, parameters)
    for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules ?? {}))
      if (RuleCondition === undefined || holds(RuleCondition, scope))
        for (const { Assert, AssertDescription } of Assertions)
          if (!holds(Assert, scope))
            throw new CloudFormationError(
              'ValidationError',
              `Template validation error: rule ${name}: ${AssertDescription}`,
            )
    if (!this.stacks.includes(stack)) {
      this.stacks.push(stack)
      stack.tags = input.tags
      stack.template = { ...template, Resources: {}, Outputs: {} }
      stack.become('REVIEW_IN_PROGRESS', 'User Initiated', undefined)
    }
    const changes = changesTo(scope, stack.resources)
    // None given: they stay as they are.
    const tags = input.tags.length === 0 ? stack.tags : input.tags
    const isSame = changes.length === 0 && JSON.stringify(stack.tags) === JSON.stringify(tags)
    const changeSet: LocalChangeSet = {
      id: stack.id.replace(':stack/', ':changeSet/').replace(stack.name, input.changeSetName),
      name: input.changeSetName,
      template,
      parameters,
      tags,
      changes,
      status: isSame ? 'FAILED' : 'CREATE_COMPLETE',
      executionStatus: isSame ? 'UNAVAILABLE' : 'AVAILABLE',
      reason: isSame
        ? "The submitted information didn't contain changes. Submit different information to create a change set."
        : undefined,
    }
    stack.changeSets.push(changeSet)
    return { changeSet, stack }
  }

  changeSet(id: string): { readonly changeSet: LocalChangeSet; readonly stack: LocalStack } {
    for (const stack of this.stacks) {
      const changeSet = stack.changeSets.find((one) => one.id === id)
      if (changeSet !== undefined) return { changeSet, stack }
    }
    throw new CloudFormationError('ChangeSetNotFound', `ChangeSet [${id}] does not exist`)
  }

  deleteChangeSet(id: string): void {
    const { changeSet, stack } = this.changeSet(id)
    stack.changeSets.splice(stack.changeSets.indexOf(changeSet), 1)
  }

  execute(id: string, token: string | undefined): void {
    const { changeSet, stack } = this.changeSet(id)
    if (changeSet.executionStatus !== 'AVAILABLE' || stack.operation !== undefined)
      throw new CloudFormationError(
        'InvalidChangeSetStatus',
        `ChangeSet [${id}] cannot be executed in its current status`,
      )
    changeSet.executionStatus = 'EXECUTE_COMPLETE'
    // The others were made for a stack that is now another.
    for (const other of stack.changeSets) if (other !== changeSet) other.executionStatus = 'OBSOLETE'
    const work = stack.status === 'REVIEW_IN_PROGRESS' ? makeStack : changeStack
    stack.operation = work(this.#at(stack, token), changeSet)
  }

  cancelUpdate(nameOrId: string): void {
    const stack = this.find(nameOrId)
    if (stack.status !== 'UPDATE_IN_PROGRESS')
      throw new CloudFormationError(
        'ValidationError',
        `CancelUpdateStack cannot be called from current stack status`,
      )
    stack.requestCancel()
  }

  delete(nameOrId: string, token: string | undefined): void {
    const stack = this.stacks.find(({ name, id }) => name === nameOrId || id === nameOrId)
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') return
    if (stack.status === 'REVIEW_IN_PROGRESS') {
      stack.become('DELETE_COMPLETE', undefined, token)
      return
    }
    stack.operation = deleteStack(this.#at(stack, token))
  }

  #at(stack: LocalStack, token: string | undefined): Operating {
    return { stack, host: this.#options.host, arrangements: this, token }
  }

  #stackFor({ stackName, type }: ChangeSetInput): LocalStack {
    const there = this.stacks.find(({ name, status }) => name === stackName && status !== 'DELETE_COMPLETE')
    if (type === 'CREATE') {
      if (there !== undefined && there.status !== 'REVIEW_IN_PROGRESS')
        throw new CloudFormationError(
          'ValidationError',
          `Stack [${stackName}] already exists and cannot be created again with the changeSet [${randomUUID()}].`,
        )
      return there ?? new LocalStack(stackName, this.#options, this.#options.nowMs)
    }
    if (there === undefined)
      throw new CloudFormationError('ValidationError', `Stack [${stackName}] does not exist`)
    if (/_IN_PROGRESS$|^ROLLBACK|_FAILED$/.test(there.status))
      throw new CloudFormationError(
        'ValidationError',
        `Stack:${there.id} is in ${there.status} state and can not be updated.`,
      )
    return there
  }
}
