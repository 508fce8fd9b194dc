import { describe, expect, test } from 'vitest'

import { changesTo, orderOf } from '../../harness/aws/cloudformation-changes.ts'
import { evaluate, type Scope, type Template } from '../../harness/aws/cloudformation-functions.ts'
import type { LocalStack } from '../../harness/aws/cloudformation-stack.ts'
import { LocalCloudFormation } from '../../harness/aws/cloudformation.ts'
import { MemoryResourceHost } from '../../harness/aws/memory-resource-host.ts'

const scope: Scope = {
  template: {
    Conditions: { IsBig: { 'Fn::Equals': [{ Ref: 'Size' }, 'big'] } },
    Resources: {
      Needs: { Type: 'T', Properties: { Of: { 'Fn::If': ['IsBig', { Ref: 'Big' }, { Ref: 'Small' }] } } },
      Big: { Type: 'T', Condition: 'IsBig' },
      Small: { Type: 'T', DependsOn: 'First' },
      First: { Type: 'T' },
    },
  },
  parameters: { Size: 'small', Name: 'it' },
  surroundings: { stackName: 'mine', stackId: 'id', region: 'eu-central-1', accountId: '1' },
  made: new Map([['Small', { physicalId: 'small-1', attributes: { Arn: 'arn:small' } }]]),
}

describe('CloudFormation’s functions', () => {
  test.each<[unknown, unknown]>([
    [{ Ref: 'Name' }, 'it'],
    [{ Ref: 'AWS::Region' }, 'eu-central-1'],
    [{ Ref: 'Small' }, 'small-1'],
    [{ 'Fn::GetAtt': ['Small', 'Arn'] }, 'arn:small'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Name' }]] }, 'a-it'],
    [{ 'Fn::Sub': '${AWS::StackName}/${Name}' }, 'mine/it'],
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::If': ['IsBig', 'yes', 'no'] }, 'no'],
    [{ Kept: 1, Left: { Ref: 'AWS::NoValue' } }, { Kept: 1 }],
    [['a', { 'Fn::If': ['IsBig', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, 'eu-central-1a'],
    [{ 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'a'] }] }] }, false],
  ])('%j', (input, expected) => {
    expect(evaluate(input, scope)).toEqual(expected)
  })

  test('what is not there yet is no value', () => {
    expect(() => evaluate({ Ref: 'First' }, scope)).toThrow('First is not there yet')
  })
})

test('a resource comes after what it needs, and branches that are not taken need nothing', () => {
  expect(orderOf(scope)).toEqual(['First', 'Small', 'Needs'])
})

test('what depends on something that is made anew changes with it, and whether it is made anew shows only then', () => {
  const template: Template = {
    Resources: {
      FileSystem: { Type: 'AWS::S3Files::FileSystem', Properties: { Prefix: { Ref: 'Name' } } },
      Target: {
        Type: 'AWS::S3Files::MountTarget',
        Properties: { FileSystemId: { 'Fn::GetAtt': ['FileSystem', 'FileSystemId'] } },
      },
      Policy: { Type: 'AWS::IAM::Policy', Properties: { Says: { Ref: 'FileSystem' } } },
    },
  }
  const there = (logicalId: string, type: string, properties: object) =>
    [
      logicalId,
      {
        logicalId,
        type,
        properties: { ...properties },
        physicalId: 'old',
        attributes: { FileSystemId: 'old' },
        deletionPolicy: undefined,
      },
    ] as const
  const current = new Map([
    there('FileSystem', 'AWS::S3Files::FileSystem', { Prefix: 'before' }),
    there('Target', 'AWS::S3Files::MountTarget', { FileSystemId: 'old' }),
    there('Policy', 'AWS::IAM::Policy', { Says: 'old' }),
    there('Gone', 'AWS::IAM::Policy', {}),
  ])
  const changes = changesTo({ ...scope, template, made: current }, current)
  expect(changes.map(({ logicalId, action, replacement }) => [logicalId, action, replacement])).toEqual([
    ['FileSystem', 'Modify', 'True'],
    ['Target', 'Modify', 'Conditional'],
    ['Policy', 'Modify', 'False'],
    ['Gone', 'Remove', undefined],
  ])
})

describe('a local CloudFormation', () => {
  const templateBody = JSON.stringify({
    Resources: {
      Kept: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'RetainExceptOnCreate' },
      Role: { Type: 'AWS::Test::Role', DependsOn: 'Kept' },
    },
  })

  async function made(arrange: (cloud: LocalCloudFormation) => void): Promise<{
    readonly stack: LocalStack
    readonly host: MemoryResourceHost
    readonly cloud: LocalCloudFormation
  }> {
    const host = new MemoryResourceHost()
    const cloud = new LocalCloudFormation({ host, region: 'eu-central-1', accountId: '1', nowMs: () => 0 })
    const { changeSet, stack } = cloud.createChangeSet({
      stackName: 'mine',
      changeSetName: 'one',
      type: 'CREATE',
      templateBody,
      parameters: [],
      capabilities: [],
      tags: [],
    })
    arrange(cloud)
    cloud.execute(changeSet.id, 'token')
    await cloud.settle()
    return { stack, host, cloud }
  }

  test('makes resources in order and notes each step', async () => {
    const { stack } = await made(() => undefined)
    expect(stack.events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual([
      'mine REVIEW_IN_PROGRESS',
      'mine CREATE_IN_PROGRESS',
      'Kept CREATE_IN_PROGRESS',
      'Kept CREATE_IN_PROGRESS',
      'Kept CREATE_COMPLETE',
      'Role CREATE_IN_PROGRESS',
      'Role CREATE_IN_PROGRESS',
      'Role CREATE_COMPLETE',
      'mine CREATE_COMPLETE',
    ])
  })

  test('takes all back when one fails, also what would be kept later', async () => {
    const { stack, host } = await made((cloud) => cloud.failNext('Role', 'no'))
    expect(stack.status).toBe('ROLLBACK_COMPLETE')
    expect(host.resources.size).toBe(0)
  })

  test('keeps what is to be kept when the stack is deleted', async () => {
    const { stack, host, cloud } = await made(() => undefined)
    cloud.delete('mine', undefined)
    await cloud.settle()
    expect(stack.status).toBe('DELETE_COMPLETE')
    expect([...host.resources.values()].map(({ logicalId }) => logicalId)).toEqual(['Kept'])
  })

  test('does nothing by itself', async () => {
    const { stack } = await made((cloud) => cloud.hold('Kept'))
    expect(stack.status).toBe('CREATE_IN_PROGRESS')
    expect(stack.events.at(-1)).toMatchObject({ logicalId: 'Kept', status: 'CREATE_IN_PROGRESS' })
  })
})
