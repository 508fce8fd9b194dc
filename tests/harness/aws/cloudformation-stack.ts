import { randomUUID } from 'node:crypto'

import type { PlannedChange, StackResource } from './cloudformation-changes.ts'
import type { Scope, Surroundings, Template } from './cloudformation-functions.ts'

export interface LocalEvent {
  readonly id: string
  readonly atMs: number
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: string
  readonly reason: string | undefined
  readonly token: string | undefined
}

export interface LocalChangeSet {
  readonly id: string
  readonly name: string
  readonly template: Template
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: readonly Tag[]
  status: string
  executionStatus: string
  reason: string | undefined
  changes: readonly PlannedChange[]
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** A refusal in CloudFormation's own terms. */
export class CloudFormationError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface ChangeSetInput {
  readonly stackName: string
  readonly changeSetName: string
  readonly type: string
  readonly templateBody: string
  readonly parameters: readonly { readonly name: string; readonly value: string | undefined }[]
  readonly capabilities: readonly string[]
  readonly tags: readonly Tag[]
}

/** One stack, with all that ever happened to it. */
export class LocalStack {
  readonly name: string
  readonly id: string
  readonly events: LocalEvent[] = []
  readonly changeSets: LocalChangeSet[] = []
  readonly resources = new Map<string, StackResource>()
  status = 'REVIEW_IN_PROGRESS'
  statusReason: string | undefined
  template: Template = { Resources: {} }
  parameters: Readonly<Record<string, string>> = {}
  tags: readonly Tag[] = []
  outputs: Readonly<Record<string, string>> = {}
  /** What is going on; each turn is a moment in which one thing happens. */
  operation: AsyncGenerator<void> | undefined
  readonly #surroundings: Omit<Surroundings, 'stackName' | 'stackId'>
  readonly #nowMs: () => number
  #isCancelled = false

  constructor(name: string, surroundings: Omit<Surroundings, 'stackName' | 'stackId'>, nowMs: () => number) {
    const { region, accountId } = surroundings
    this.name = name
    this.id = `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`
    this.createdAtMs = nowMs()
    this.#surroundings = surroundings
    this.#nowMs = nowMs
  }

  readonly createdAtMs: number

  /** Somebody wants the update taken back. */
  requestCancel(): void {
    this.#isCancelled = true
  }

  /** Was that asked for since the last time anybody looked? */
  takeCancelRequest(): boolean {
    const isCancelled = this.#isCancelled
    this.#isCancelled = false
    return isCancelled
  }

  scope(template = this.template, parameters = this.parameters): Scope {
    const surroundings = { ...this.#surroundings, stackName: this.name, stackId: this.id }
    return { template, parameters, surroundings, made: this.resources }
  }

  /** The stack itself is in another state. */
  become(status: string, reason: string | undefined, token: string | undefined): void {
    this.status = status
    this.statusReason = reason
    this.note({ logicalId: this.name, physicalId: this.id, type: 'AWS::CloudFormation::Stack' }, status, {
      reason,
      token,
    })
  }

  note(
    resource: Pick<LocalEvent, 'logicalId' | 'physicalId' | 'type'>,
    status: string,
    { reason, token }: { readonly reason?: string | undefined; readonly token: string | undefined },
  ): void {
    const { logicalId, physicalId, type } = resource
    const atMs = this.#nowMs()
    this.events.push({ id: randomUUID(), atMs, logicalId, physicalId, type, status, reason, token })
  }
}
