import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { monthlyCost } from '../../../infra/api/monthly-cost.ts'
import { prices, pricesAsOf } from '../../../infra/api/prices.ts'
import { wayIns } from '../../../infra/api/way-in.ts'
import { documentAt, inlineCodes, repoDir, sectionOf, tableRows } from '../docs/markdown.ts'

describe('what a drive costs in a month', () => {
  test.each([
    ['nlb', 730 * (0.0225 + 0.005)],
    ['private', 0],
    ['ssm', 730 * (0.0042 + 0.005) + 8 * 0.08],
  ] as const)('%s costs something even when nobody uses it, unless nothing stands there', (wayIn, usd) => {
    expect(monthlyCost(wayIn).standingUsd).toBeCloseTo(usd, 6)
    expect(monthlyCost(wayIn).usageUsd).toBe(0)
  })

  test('what is stored, read and written comes on top; a load balancer takes its part of the traffic', () => {
    const usage = { inBucket: 100, onFastTier: 10, read: 20, written: 5 }
    const everywhere = 100 * 0.023 + 10 * 0.3 + 20 * 0.03 + 5 * 0.06 + 20 * 0.09
    expect(monthlyCost('ssm', usage).usageUsd).toBeCloseTo(everywhere, 6)
    expect(monthlyCost('private', usage).usageUsd).toBeCloseTo(everywhere, 6)
    expect(monthlyCost('nlb', usage).usageUsd).toBeCloseTo(everywhere + 25 * 0.006, 6)
  })
})

describe('docs/costs.md', () => {
  const page = documentAt('docs/costs.md')

  test('has every price that the estimate uses, and how sure it is', () => {
    const [, ...rows] = tableRows(sectionOf(page, 'Prices'))
    const documented = rows.map(([what = '', price = '', sureness = '']) => [
      what,
      price,
      inlineCodes(sureness)[0],
    ])
    const used = Object.values(prices).map(({ what, usd, per, sureness }) => [
      what,
      `$${usd} per ${per}`,
      sureness,
    ])
    expect(documented).toEqual(used)
    expect(page.text).toContain(pricesAsOf)
  })

  test('says of each way in what it costs unused', () => {
    const [, ...rows] = tableRows(sectionOf(page, 'What stands there'))
    expect(rows.map(([wayIn = '', usd = '']) => [inlineCodes(wayIn)[0], usd])).toEqual(
      wayIns.map((wayIn) => [wayIn, `$${monthlyCost(wayIn).standingUsd.toFixed(0)}`]),
    )
  })
})

test('what others import of infra does not bring the CDK along', () => {
  const sources = globSync('infra/api/*.ts', { cwd: repoDir }).map((path) =>
    readFileSync(join(repoDir, path), 'utf8'),
  )
  expect(
    sources.flatMap((source) => [...source.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name)),
  ).toEqual([])
})
