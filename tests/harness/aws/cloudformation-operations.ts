import { changesTo, differing, mustReplace, orderOf, type StackResource } from './cloudformation-changes.ts'
import { evaluate, type Scope } from './cloudformation-functions.ts'
import type { LocalChangeSet, LocalStack } from './cloudformation-stack.ts'
import { ResourceRefused, type ResourceHost, type WantedResource } from './resource-host.ts'

/** What a test has arranged for single resources. */
export interface Arrangements {
  /** Why the next making, changing or removing of a resource fails; asked once for each. */
  failureOf(logicalId: string): string | undefined
  /** True while the resource is to stay in progress. */
  isHeld(logicalId: string): boolean
}

export interface Operating {
  readonly stack: LocalStack
  readonly host: ResourceHost
  readonly arrangements: Arrangements
  readonly token: string | undefined
}

type Turns = AsyncGenerator<void>

/** Makes a stack from its first change set, one turn after the other; takes all back when a resource fails. */
export async function* makeStack(at: Operating, { template, parameters, tags }: LocalChangeSet): Turns {
  const { stack, token } = at
  Object.assign(stack, { template, parameters, tags })
  stack.become('CREATE_IN_PROGRESS', 'User Initiated', token)
  for (const logicalId of orderOf(stack.scope())) {
    yield
    const failure = yield* make(at, logicalId, 'CREATE')
    if (failure === undefined) continue
    stack.become(
      'ROLLBACK_IN_PROGRESS',
      `The following resource(s) failed to create: [${logicalId}]. Rollback requested by user.`,
      token,
    )
    const isRemoved = yield* removeAll(at, [...stack.resources.values()].toReversed(), { isRollback: true })
    stack.become(isRemoved ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', undefined, token)
    return
  }
  finish(stack)
  stack.become('CREATE_COMPLETE', undefined, token)
}

/** Changes a stack as a change set says, and puts it back as it was when a resource fails or somebody cancels. */
export async function* changeStack(at: Operating, changeSet: LocalChangeSet): Turns {
  const { stack, token } = at
  const before = new Map(stack.resources)
  const { template, parameters, tags } = stack
  Object.assign(stack, {
    template: changeSet.template,
    parameters: changeSet.parameters,
    tags: changeSet.tags,
  })
  stack.takeCancelRequest()
  stack.become('UPDATE_IN_PROGRESS', 'User Initiated', token)
  const changes = changesTo(stack.scope(), before).filter(({ action }) => action !== 'Remove')
  for (const { logicalId, action } of changes) {
    yield
    const isCancelled = stack.takeCancelRequest()
    const failure = isCancelled
      ? 'Resource update cancelled'
      : yield* action === 'Add' ? make(at, logicalId, 'CREATE') : change(at, logicalId)
    if (failure === undefined) continue
    const why = isCancelled ? 'User Initiated' : `The following resource(s) failed to update: [${logicalId}].`
    stack.become('UPDATE_ROLLBACK_IN_PROGRESS', why, token)
    Object.assign(stack, { template, parameters, tags })
    yield* restore(at, before)
    stack.become('UPDATE_ROLLBACK_COMPLETE', undefined, token)
    return
  }
  stack.become('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, token)
  const wanted = new Set(orderOf(stack.scope()))
  const leftOver = [...before.values()].filter(
    ({ logicalId, physicalId }) =>
      !wanted.has(logicalId) || stack.resources.get(logicalId)?.physicalId !== physicalId,
  )
  yield* removeAll(at, leftOver.toReversed(), { isRollback: false })
  finish(stack)
  stack.become('UPDATE_COMPLETE', undefined, token)
}

export async function* deleteStack(at: Operating): Turns {
  const { stack, token } = at
  stack.become('DELETE_IN_PROGRESS', 'User Initiated', token)
  yield
  const isRemoved = yield* removeAll(at, [...stack.resources.values()].toReversed(), { isRollback: false })
  stack.become(isRemoved ? 'DELETE_COMPLETE' : 'DELETE_FAILED', undefined, token)
}

/** @returns the status reason when it failed. */
async function* make(
  at: Operating,
  logicalId: string,
  verb: 'CREATE' | 'UPDATE',
): AsyncGenerator<void, string | undefined> {
  const { stack, host, token, arrangements } = at
  const wanted = wantedOf(stack, logicalId)
  const named = { logicalId, type: wanted.type }
  stack.note({ ...named, physicalId: '' }, `${verb}_IN_PROGRESS`, { token })
  yield
  const failed = (reason: string, physicalId: string): string => {
    stack.note({ ...named, physicalId }, `${verb}_FAILED`, { reason, token })
    return reason
  }
  const early = arrangements.isHeld(logicalId) ? undefined : arrangements.failureOf(logicalId)
  if (early !== undefined) return failed(early, '')
  const made = await refusal(host.create(wanted))
  if (typeof made === 'string') return failed(made, '')
  stack.resources.delete(logicalId)
  stack.resources.set(logicalId, resourceOf(wanted, made, stack.scope()))
  const { physicalId } = made
  stack.note({ ...named, physicalId }, `${verb}_IN_PROGRESS`, {
    reason: 'Resource creation Initiated',
    token,
  })
  yield
  while (arrangements.isHeld(logicalId)) yield
  const late = arrangements.failureOf(logicalId)
  if (late !== undefined) return failed(late, physicalId)
  stack.note({ ...named, physicalId }, `${verb}_COMPLETE`, { token })
  return undefined
}

async function* change(at: Operating, logicalId: string): AsyncGenerator<void, string | undefined> {
  const { stack, host, token, arrangements } = at
  const now = stack.resources.get(logicalId)!
  const wanted = wantedOf(stack, logicalId)
  const properties = differing(now.properties, wanted.properties)
  // What it depends on came out as it was.
  if (properties.length === 0) return undefined
  if (mustReplace(now.type, properties)) return yield* make(at, logicalId, 'UPDATE')
  stack.note(now, 'UPDATE_IN_PROGRESS', { token })
  yield
  const made = arrangements.failureOf(logicalId) ?? (await refusal(host.update(wanted, now)))
  if (typeof made === 'string') {
    stack.note(now, 'UPDATE_FAILED', { reason: made, token })
    return made
  }
  stack.resources.set(logicalId, resourceOf(wanted, made, stack.scope()))
  stack.note(now, 'UPDATE_COMPLETE', { token })
  return undefined
}

async function* restore(at: Operating, before: ReadonlyMap<string, StackResource>): Turns {
  const { stack, host, token } = at
  const fresh = [...stack.resources.values()].filter(
    ({ logicalId, physicalId }) => before.get(logicalId)?.physicalId !== physicalId,
  )
  for (const [logicalId, was] of before) {
    const now = stack.resources.get(logicalId)
    if (now?.physicalId === was.physicalId && differing(now.properties, was.properties).length > 0) {
      yield
      await host.update({ ...wantedOf(stack, logicalId), properties: was.properties }, was)
      stack.note(was, 'UPDATE_COMPLETE', { token })
    }
    stack.resources.set(logicalId, was)
  }
  stack.become('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, token)
  for (const resource of fresh.toReversed()) {
    yield
    await host.remove(resource.type, resource.physicalId)
    if (!before.has(resource.logicalId)) stack.resources.delete(resource.logicalId)
    stack.note(resource, 'DELETE_COMPLETE', { token })
  }
}

/** @returns false when one could not be removed; what depends on nothing of it is removed all the same. */
async function* removeAll(
  { stack, host, token, arrangements }: Operating,
  resources: readonly StackResource[],
  { isRollback }: { readonly isRollback: boolean },
): AsyncGenerator<void, boolean> {
  let isRemoved = true
  for (const resource of resources) {
    const { logicalId, type, physicalId, deletionPolicy } = resource
    yield
    const isKept = deletionPolicy === 'Retain' || (deletionPolicy === 'RetainExceptOnCreate' && !isRollback)
    const forget = (): void => {
      if (stack.resources.get(logicalId)?.physicalId === physicalId) stack.resources.delete(logicalId)
    }
    if (isKept) {
      forget()
      stack.note(resource, 'DELETE_SKIPPED', { token })
      continue
    }
    stack.note(resource, 'DELETE_IN_PROGRESS', { token })
    yield
    while (arrangements.isHeld(logicalId)) yield
    const failure = arrangements.failureOf(logicalId) ?? (await refusal(host.remove(type, physicalId)))
    if (typeof failure === 'string') {
      stack.note(resource, 'DELETE_FAILED', { reason: failure, token })
      isRemoved = false
      continue
    }
    forget()
    stack.note(resource, 'DELETE_COMPLETE', { token })
  }
  return isRemoved
}

function wantedOf(stack: LocalStack, logicalId: string): WantedResource {
  const scope = stack.scope()
  const { Type: type, Properties } = scope.template.Resources[logicalId]!
  const { stackName, region, accountId } = scope.surroundings
  const properties = evaluate(Properties ?? {}, scope) as Readonly<Record<string, unknown>>
  return { type, logicalId, properties, stackName, region, accountId }
}

function resourceOf(
  { logicalId, type, properties }: WantedResource,
  { physicalId, attributes }: Pick<StackResource, 'physicalId' | 'attributes'>,
  { template }: Scope,
): StackResource {
  const deletionPolicy = template.Resources[logicalId]?.DeletionPolicy
  return { logicalId, type, properties, physicalId, attributes, deletionPolicy }
}

function finish(stack: LocalStack): void {
  const scope = stack.scope()
  stack.outputs = Object.fromEntries(
    Object.entries(scope.template.Outputs ?? {}).map(([name, { Value }]) => [
      name,
      String(evaluate(Value, scope)),
    ]),
  )
}

async function refusal<T>(work: Promise<T>): Promise<T | string> {
  return await work.catch((error: unknown) => {
    if (error instanceof ResourceRefused) return error.message
    throw error
  })
}
