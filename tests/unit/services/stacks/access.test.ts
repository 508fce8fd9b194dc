import { describe, expect, test } from 'vitest'

import { isWithin } from '../../../../src-main/services/stacks/access/allowed-cidrs.ts'
import { createAccessGuard } from '../../../../src-main/services/stacks/access/access-guard.ts'
import { decideAccess } from '../../../../src-main/services/stacks/access/decide-access.ts'
import type { StackView } from '../../../../src-main/services/stacks/stack.ts'
import { isAppError, type SerializedError } from '../../../../src-main/shared/errors.ts'
import { messageFor } from '../../../../src-main/shared/messages.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { exampleStack } from '../../../harness/aws/example-stack.ts'
import { waitFor } from '../../../harness/wait-for.ts'

test.each([
  ['203.0.113.7', '203.0.113.7/32', true],
  ['203.0.113.8', '203.0.113.7/32', false],
  ['203.0.113.200', '203.0.113.0/24', true],
  ['198.51.100.9', '0.0.0.0/0', true],
  ['203.0.113.7', '203.0.113.7', false],
  ['203.0.113.7', 'nonsense/8', false],
  ['203.0.113.7', '203.0.113.7/33', false],
  ['::1', '0.0.0.0/0', false],
])('whether %s is within %s: %s', (address, cidr, expected) => {
  expect(isWithin(address, cidr)).toBe(expected)
})

describe('letting another address in', () => {
  const stackWith = (parameters: Record<string, string>, rest: Partial<StackView> = {}): StackView => ({
    ...exampleStack('nlb'),
    ...rest,
    parameters,
  })

  test('replaces the address that the stack was deployed with', () => {
    expect(decideAccess(stackWith({ AllowedCidr: '203.0.113.7/32' }), '198.51.100.9')).toEqual({
      kind: 'replace',
      from: '203.0.113.7/32',
      to: '198.51.100.9/32',
    })
  })

  test.each([
    { AllowedCidr: '198.51.100.9/32' },
    { AllowedCidr: '203.0.113.7/32', AllowedCidr2: '198.51.100.0/24' },
    { AllowedCidr: '203.0.113.7/32', AllowedCidr2: '', AllowedCidr3: '198.51.100.9/32' },
    { AllowedCidr: '0.0.0.0/0' },
  ])('is not needed with %j', (parameters) => {
    expect(decideAccess(stackWith(parameters), '198.51.100.9')).toEqual({ kind: 'allowed' })
  })

  const refusals: readonly (readonly [string, StackView, string])[] = [
    [
      'a range that somebody chose',
      stackWith({ AllowedCidr: '203.0.113.0/24' }),
      'Mountbar does not change who may connect to “mountbar-photos”: 203.0.113.0/24 is a range that was chosen, and not one address. → Change it where it was set: with `mountbar deploy --cidr`, or in the security group.',
    ],
    [
      'another way in',
      exampleStack('ssm'),
      'Mountbar does not change who may connect to “mountbar-photos”: its way in, ssm, does not go by public addresses. → Change it where it was set: with `mountbar deploy --cidr`, or in the security group.',
    ],
    [
      'a stack that is being changed',
      stackWith({ AllowedCidr: '203.0.113.7/32' }, { status: 'UPDATE_IN_PROGRESS' }),
      'CloudFormation is working on the stack “mountbar-photos” (UPDATE_IN_PROGRESS). → Watch it with `mountbar deploy --watch --name mountbar-photos`, then try again.',
    ],
    [
      'a stack that cannot be changed',
      stackWith({ AllowedCidr: '203.0.113.7/32' }, { status: 'UPDATE_ROLLBACK_FAILED' }),
      'The stack “mountbar-photos” cannot go on by itself (UPDATE_ROLLBACK_FAILED). → Its events in the CloudFormation console say what is in the way. Remove that, then continue the rollback there, or delete the stack again.',
    ],
  ]
  test.each(refusals)('is refused of %s', (_what, stack, told) => {
    try {
      decideAccess(stack, '198.51.100.9')
    } catch (error) {
      if (!isAppError(error)) throw error
      const { text, fix } = messageFor(error)
      expect(`${text} → ${fix}`).toBe(told)
      return
    }
    expect.unreachable()
  })
})

describe('a drive that cannot be reached', () => {
  const trouble: SerializedError = {
    code: 'server-unreachable',
    args: { host: 'nlb.example.com', port: 2049 },
  }
  const problem = {
    code: 'address-not-allowed',
    args: { address: '198.51.100.9', allowed: '203.0.113.7/32', name: 'mountbar-photos' },
  }

  function guardOf(stack: StackView | undefined) {
    const clock = new FakeClock()
    const state = { address: '198.51.100.9', asked: 0 }
    const guard = createAccessGuard({
      stack: () => Promise.resolve(stack),
      publicAddress: () => {
        state.asked += 1
        return Promise.resolve(state.address)
      },
      clock,
    })
    let told = 0
    guard.changed.on(() => void (told += 1))
    return { guard, clock, state, told: () => told }
  }

  test('says so when its own public address is another than the one that is let in', async () => {
    const { guard, told } = guardOf(exampleStack('nlb'))
    expect(guard.explain(trouble)).toEqual(trouble)
    await waitFor(() => told() === 1, { what: 'the explanation' })
    expect(guard.explain(trouble)).toEqual(problem)
  })

  test('has its explanation waited for when it could not even be started', async () => {
    const { guard } = guardOf(exampleStack('nlb'))
    expect(await guard.explainNow(trouble)).toEqual(problem)
    expect(await guard.explainNow({ code: 'access-denied', args: {} })).toEqual({
      code: 'access-denied',
      args: {},
    })
  })

  test('is told as it is when the explanation takes too long', async () => {
    const clock = new FakeClock()
    const never = new Promise<never>(() => undefined)
    const guard = createAccessGuard({ stack: () => never, publicAddress: () => never, clock })
    const told = guard.explainNow(trouble)
    await clock.advance(10_000)
    expect(await told).toEqual(trouble)
  })

  test('is asked about once a minute, and the explanation goes when the address is let in', async () => {
    const { guard, clock, state, told } = guardOf(exampleStack('nlb'))
    guard.explain(trouble)
    await waitFor(() => told() === 1, { what: 'the explanation' })
    guard.explain(trouble)
    expect(state.asked).toBe(1)
    state.address = '203.0.113.7'
    await clock.advance(60_000)
    guard.explain(trouble)
    await waitFor(() => told() === 2, { what: 'the change' })
    expect(guard.explain(trouble)).toEqual(trouble)
  })

  test.each([
    ['another trouble', exampleStack('nlb'), { code: 'access-denied', args: {} } as const],
    ['another way in', exampleStack('private'), trouble],
    ['no stack', undefined, trouble],
  ])('keeps its own trouble with %s', async (_what, stack, error) => {
    const { guard, clock, state } = guardOf(stack)
    guard.explain(error)
    await clock.advance(0)
    expect(state.asked).toBe(0)
    expect(guard.explain(error)).toEqual(error)
  })
})
