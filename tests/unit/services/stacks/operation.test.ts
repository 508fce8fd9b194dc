import { describe, expect, test } from 'vitest'

import type { StackEvent } from '../../../../src-main/services/stacks/aws/stack-facts.ts'
import { newestOperation, progressOf } from '../../../../src-main/services/stacks/watch/operation.ts'

const stackId = 'arn:aws:cloudformation:eu-central-1:1:stack/mountbar/1'

let count = 0
function event(logicalId: string, status: string, token = ''): StackEvent {
  count += 1
  const isStack = logicalId === 'mountbar'
  return {
    id: `e${count}`,
    atMs: count,
    logicalId,
    physicalId: isStack ? stackId : `${logicalId}-1`,
    type: isStack ? 'AWS::CloudFormation::Stack' : 'AWS::Test::Thing',
    status,
    reason: '',
    token,
  }
}

describe('the newest operation', () => {
  const first = [
    event('mountbar', 'CREATE_IN_PROGRESS', 'one'),
    event('Vpc', 'CREATE_COMPLETE', 'one'),
    event('mountbar', 'CREATE_COMPLETE', 'one'),
  ]
  const second = [
    event('mountbar', 'UPDATE_IN_PROGRESS', 'two'),
    event('Vpc', 'UPDATE_FAILED', 'two'),
    event('mountbar', 'UPDATE_ROLLBACK_IN_PROGRESS', 'two'),
  ]

  test('begins with its first event and has what took it back', () => {
    expect(newestOperation([...first, ...second])).toEqual(second)
  })

  test('is not taken for one that has been asked for and has not begun', () => {
    expect(newestOperation(first, 'two')).toEqual([])
  })

  test('goes on with a removal that somebody else has asked for', () => {
    const removal = [event('mountbar', 'DELETE_IN_PROGRESS', 'three')]
    expect(newestOperation([...second, ...removal], 'two')).toEqual([...second, ...removal])
    expect(newestOperation([...second, ...removal])).toEqual(removal)
  })
})

describe('progress', () => {
  const begun = event('mountbar', 'CREATE_IN_PROGRESS')

  test('counts resources by how long they take', () => {
    const events = [begun, event('Vpc', 'CREATE_COMPLETE'), event('MountTarget', 'CREATE_IN_PROGRESS')]
    expect(progressOf(events, ['Vpc', 'MountTarget', 'LoadBalancer'])).toEqual({
      kind: 'making',
      percent: 6,
      done: 1,
      total: 3,
      current: ['the mount target'],
    })
  })

  test('is not complete before the stack says so', () => {
    const events = [begun, event('Vpc', 'CREATE_COMPLETE')]
    expect(progressOf(events, ['Vpc']).percent).toBe(99)
    expect(progressOf([...events, event('mountbar', 'CREATE_COMPLETE')], ['Vpc'])).toMatchObject({
      percent: 100,
      done: 1,
    })
  })

  test('begins anew when it is taken back, with what there is to take back', () => {
    const events = [
      begun,
      event('Vpc', 'CREATE_COMPLETE'),
      event('Subnet', 'CREATE_FAILED'),
      event('mountbar', 'ROLLBACK_IN_PROGRESS'),
      event('Vpc', 'DELETE_IN_PROGRESS'),
    ]
    expect(progressOf(events, ['Vpc', 'Subnet', 'LoadBalancer'])).toEqual({
      kind: 'taking-back',
      percent: 0,
      done: 0,
      total: 2,
      current: ['the network'],
    })
  })

  test.each([
    ['UPDATE_IN_PROGRESS', 'changing'],
    ['DELETE_IN_PROGRESS', 'removing'],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'taking-back'],
  ])('%s is %s', (status, kind) => {
    expect(progressOf([event('mountbar', status)], []).kind).toBe(kind)
  })
})
