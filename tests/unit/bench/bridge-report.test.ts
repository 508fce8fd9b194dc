import { expect, test } from 'vitest'

import { wayLines, startLines } from '../../../bench/bridge/report.ts'
import { Samples } from '../../../bench/bridge/samples.ts'

test('each figure is the median of the rounds’ medians, with its ratio to the mount itself', () => {
  const samples = new Samples()
  for (const ms of [1, 2, 9]) samples.addTimes('raw', { stat: [ms, ms, 100] }, 0)
  for (const ms of [4, 4, 4]) samples.addTimes('agent', { stat: [ms] }, 0)
  const [heading, line] = wayLines(samples, ['raw', 'agent'], 256)
  expect(heading?.trim().split(/\s+/)).toEqual(['raw', 'agent'])
  expect(line).toMatch(/^Look at a file, ms\s+2\.00 ±50%\s+4\.00 ± 0% ×2\.00$/)
})

test('what is answered before the server has it stands beside what the mount needs for it', () => {
  const samples = new Samples()
  samples.addTimes('raw', { write: [10], bigWrite: [1_000] }, 256e6)
  samples.addTimes(
    'front',
    { write: [5], writeDelivered: [30], bigWrite: [500], bigWriteDelivered: [2_000] },
    256e6,
  )
  const lines = wayLines(samples, ['raw', 'front'], 256)
  const of = (title: string) =>
    lines.filter((line) => line.startsWith(title)).map((line) => line.split('×').at(-1))
  expect(of('Save a file of 4 KB')).toEqual(['0.50'])
  expect(of('… until the server has it, ms')).toEqual(['3.00'])
  expect(of('… until the server has it, MB/s')).toEqual(['0.50'])
})

test('what was not measured is a dash', () => {
  expect(
    startLines(new Samples())
      .slice(1)
      .every((line) => line.endsWith('–')),
  ).toBe(true)
})
