import { describe, expect, test } from 'vitest'

import { parseLoadReport } from '../../../bench/lib/wrk.ts'
import { Results } from '../../../bench/protocol/results.ts'

const sample = (value: number) => ({ row: 'range', value }) as const

describe('results', () => {
  test('a figure is the median of the medians of its rounds', () => {
    const results = new Results()
    results.add('nginx', [sample(1), sample(2), sample(90)])
    results.add('nginx', [sample(4)])
    results.add('nginx', [sample(3), sample(3)])

    expect(results.figure('nginx', 'range')).toEqual({ value: 3, spread: 1 / 3, rounds: [2, 4, 3] })
  })

  test('a server that failed has no figure, whatever it gave before', () => {
    const results = new Results()
    results.add('nginx', [sample(1)])
    results.fail('nginx', ['range'], 'answered 500')

    expect(results.figure('nginx', 'range')).toBeUndefined()
    expect(results.failure('nginx', 'range')).toBe('answered 500')
  })
})

describe('a report of wrk', () => {
  test('gives the rate over the time it took', () => {
    expect(parseLoadReport('Running 1s test\nREPORT 5000 2000000 0\n')).toEqual({
      requests: 5_000,
      requestsPerSecond: 2_500,
    })
  })

  test.for(['REPORT 5000 2000000 3\n', 'unable to connect'])(
    'that tells of trouble is no figure: %j',
    (stdout) => {
      expect(() => parseLoadReport(stdout)).toThrow()
    },
  )
})
