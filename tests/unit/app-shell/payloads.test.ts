import { expect, test } from 'vitest'
import { z } from 'zod'

import { commandSchemas } from '../../../src-main/shared/app/commands.ts'
import { linkIds } from '../../../src-main/shared/app/snapshot.ts'

/** JSON Schema says of each part what it takes; nothing of what it takes is unknown to this test. */
interface Part {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Part>>
  readonly additionalProperties?: unknown
  readonly propertyNames?: Part
  readonly items?: Part
  readonly anyOf?: readonly Part[]
  readonly oneOf?: readonly Part[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly maxLength?: number
  readonly maxItems?: number
}

/** What is wrong with a part and all in it, by its place. */
function loose(part: Part, place: string): readonly string[] {
  const choices = part.anyOf ?? part.oneOf
  if (choices !== undefined) return choices.flatMap((choice) => loose(choice, place))
  if (part.enum !== undefined || part.const !== undefined) return []
  switch (part.type ?? '') {
    case 'object': {
      const inner = Object.entries(part.properties ?? {}).flatMap(([name, value]) =>
        loose(value, `${place}.${name}`),
      )
      // A record of known names is as closed as an object.
      const isClosed = part.additionalProperties === false || part.propertyNames?.enum !== undefined
      return isClosed ? inner : [...inner, `${place} takes more than it names`]
    }
    case 'array':
      return [
        ...(part.maxItems === undefined ? [`${place} has no limit`] : []),
        ...loose(part.items ?? {}, `${place}[]`),
      ]
    case 'string':
      return part.maxLength === undefined && !isWhole(part.pattern) ? [`${place} has no limit`] : []
    case 'boolean':
    case 'integer':
      return []
    default:
      return [`${place} is anything`]
  }
}

function isWhole(pattern = ''): boolean {
  return pattern.startsWith('^') && pattern.endsWith('$')
}

test.each(Object.entries(commandSchemas))(
  '%s takes what it names, and no more of it than it needs',
  (name, schema) => {
    expect(loose(z.toJSONSchema(schema, { io: 'input' }) as Part, name)).toEqual([])
  },
)

test('a loose payload would be noticed', () => {
  const payload = z.strictObject({
    open: z.looseObject({}),
    endless: z.string(),
    begun: z.string().regex(/^a/),
    many: z.array(z.boolean()),
    whatever: z.unknown(),
    byName: z.record(z.string(), z.boolean()),
  })
  expect(loose(z.toJSONSchema(payload, { io: 'input' }) as Part, 'p')).toEqual([
    'p.open takes more than it names',
    'p.endless has no limit',
    'p.begun has no limit',
    'p.many has no limit',
    'p.whatever is anything',
    'p.byName takes more than it names',
  ])
})

test('a window names the pages it wants opened, and has no address opened', () => {
  const { shape } = commandSchemas['app.open-link']
  expect(Object.keys(shape)).toEqual(['link'])
  expect(shape.link.options).toEqual(linkIds)
})

test('no command of a window removes a stack or a bucket, or names who may connect', () => {
  const names = Object.keys(commandSchemas).filter((name) => name.startsWith('stack.'))
  expect(names).toEqual(['stack.plan', 'stack.deploy', 'stack.cancel', 'stack.dismiss'])
  const { stack } = commandSchemas['stack.plan'].shape
  expect(Object.keys(stack.shape)).toEqual(['profile', 'region', 'name', 'bucket', 'prefix', 'wayIn'])
})
