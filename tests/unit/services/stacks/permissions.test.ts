import { globSync, readFileSync } from 'node:fs'

import { format, resolveConfig } from 'prettier'
import { describe, expect, test } from 'vitest'

import { wayIns } from '../../../../infra/api/way-in.ts'
import {
  permissionsPagePath,
  renderPermissionsPage,
  resourceTypesOf,
} from '../../../../scripts/permissions-page.ts'
import {
  deployPolicy,
  destroyPolicy,
  forwardPolicy,
  mountPolicy,
  updateAccessPolicy,
} from '../../../../src-main/services/stacks/permissions/policies.ts'
import { actionsOfResources } from '../../../../src-main/services/stacks/permissions/resource-actions.ts'

test('docs/permissions.md is what `npm run permissions` writes', async () => {
  const config = await resolveConfig(permissionsPagePath)
  const expected = await format(renderPermissionsPage(), { ...config, parser: 'markdown' })
  expect(readFileSync(permissionsPagePath, 'utf8')).toBe(expected)
})

describe.each(wayIns)('with the way in %s', (wayIn) => {
  const types = resourceTypesOf(wayIn)

  test('each type of the template is known', () => {
    expect(types.filter((type) => !(type in actionsOfResources))).toEqual([])
  })

  test('a policy fits into one that IAM manages', () => {
    for (const document of [deployPolicy(types), destroyPolicy(types)])
      expect(JSON.stringify(document).length).toBeLessThan(6_144)
  })

  test('nothing is allowed altogether, and roles are handed to nobody but the services that use them', () => {
    const { Statement } = deployPolicy(types)
    const actions = Statement.flatMap(({ Action }) => Action)
    expect(actions.filter((action) => action.includes('*'))).toEqual([])
    const handing = Statement.filter(({ Action }) => Action.includes('iam:PassRole'))
    expect(handing).toHaveLength(1)
    expect(handing[0]).toMatchObject({
      Resource: 'arn:aws:iam::ACCOUNT:role/mountbar*',
      Condition: {
        StringEquals: {
          'iam:PassedToService': [
            'elasticfilesystem.amazonaws.com',
            ...(wayIn === 'ssm' ? ['ec2.amazonaws.com'] : []),
          ],
        },
      },
    })
  })

  test('what can be made can be taken back', () => {
    const actions = deployPolicy(types).Statement.flatMap(({ Action }) => Action)
    const missing = types
      .flatMap((type) => actionsOfResources[type]?.remove ?? [])
      .filter((one) => !actions.includes(one))
    expect(missing).toEqual([])
  })
})

test('every statement has a name of its own in its policy', () => {
  const types = [...new Set(wayIns.flatMap(resourceTypesOf))]
  for (const { Statement } of [
    deployPolicy(types),
    destroyPolicy(types),
    mountPolicy(),
    forwardPolicy(),
    updateAccessPolicy(),
  ]) {
    const sids = Statement.map(({ Sid }) => Sid)
    expect(new Set(sids).size).toBe(sids.length)
  }
})

test('every call of AWS that the code names is in one of the policies', () => {
  const types = [...new Set(wayIns.flatMap(resourceTypesOf))]
  const allowed = [
    deployPolicy(types),
    destroyPolicy(types),
    mountPolicy(),
    forwardPolicy(),
    updateAccessPolicy(),
  ].flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action))
  const missing = [...namedCalls()].filter((action) => !allowed.includes(action))
  expect(missing).toEqual([])
})

/** Actions in the source of the stacks service, as it names them for messages. */
function namedCalls(): ReadonlySet<string> {
  const found = new Set<string>()
  const paths = globSync(
    'src-main/services/stacks/{aws,access,check,connect,deploy,destroy,ssm,watch}/**/*.ts',
  )
  expect(paths.length).toBeGreaterThan(20)
  for (const path of paths) {
    const text = readFileSync(path, 'utf8')
    for (const [, action = ''] of text.matchAll(/'((?:cloudformation|s3files|s3|ssm|ec2):[A-Z]\w+)'/g))
      found.add(action)
    if (path.endsWith('stack-api.ts'))
      for (const [, operation = ''] of text.matchAll(/use\(\s*'(\w+)'/g))
        found.add(`cloudformation:${operation}`)
  }
  // Keys of conditions look the same.
  found.delete('s3files:AccessPointArn')
  return found
}
