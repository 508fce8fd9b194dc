import { describe, expect, test } from 'vitest'

import { commonOutputs, outputsOfWayIn } from '../../../../infra/api/outputs.ts'
import { wayIns, type WayIn } from '../../../../infra/api/way-in.ts'
import { readOutputs, type RawOutputs } from '../../../../src-main/services/stacks/stack-outputs.ts'
import { wayInOf } from '../../../../src-main/services/stacks/stack.ts'

function rawOutputs(wayIn: WayIn, prefix: string): RawOutputs {
  const names = [...Object.keys(commonOutputs), ...Object.keys(outputsOfWayIn[wayIn])]
  return names.map((OutputKey) => ({
    OutputKey,
    OutputValue: OutputKey === 'WayIn' ? wayIn : OutputKey === 'Prefix' ? prefix : `the ${OutputKey}`,
  }))
}

describe.each(wayIns)('%s', (wayIn) => {
  test('its outputs are read by their names', () => {
    const outputs = readOutputs(rawOutputs(wayIn, 'photos/'))
    expect(outputs).toMatchObject({ wayIn, fileSystemId: 'the FileSystemId', prefix: 'photos/' })
    expect(Object.keys(outputs ?? {})).toHaveLength(rawOutputs(wayIn, '').length)
  })

  test('one that is missing makes it a stack that is not there yet', () => {
    const all = rawOutputs(wayIn, '/')
    for (const { OutputKey } of all)
      expect(readOutputs(all.filter((one) => one.OutputKey !== OutputKey))).toBeUndefined()
  })
})

test('the whole bucket has no prefix', () => {
  expect(readOutputs(rawOutputs('nlb', '/'))?.prefix).toBe('')
})

test.each<[string, Parameters<typeof wayInOf>[0], WayIn | undefined]>([
  ['by its tag', { tags: [{ Key: 'mountbar:way-in', Value: 'ssm' }], description: undefined }, 'ssm'],
  [
    'by the words of the template',
    { tags: [], description: 'Mountbar: an S3 bucket as a file system, way in: private.' },
    'private',
  ],
  ['not with another tag', { tags: [{ Key: 'team', Value: 'ssm' }], description: 'Web shop' }, undefined],
  [
    'not with a way in that nobody knows',
    { tags: [{ Key: 'mountbar:way-in', Value: 'vpn' }], description: undefined },
    undefined,
  ],
])('a stack is known as ours %s', (_how, facts, wayIn) => {
  expect(wayInOf(facts)).toBe(wayIn)
})
