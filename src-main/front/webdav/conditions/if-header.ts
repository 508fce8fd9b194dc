import { HttpRefusal } from '../refusal.ts'

/** One `Condition` of RFC 4918 §10.4: a state token or an entity tag, possibly negated. */
export interface Condition {
  readonly not: boolean
  readonly kind: 'token' | 'etag'
  readonly value: string
}

/** A `List`: all its conditions must hold. `resource` is the tag before it; without one it speaks of the request's own target. */
export interface ConditionList {
  readonly resource: string | undefined
  readonly conditions: readonly Condition[]
}

const token = /\s*(?:(?<paren>[()])|(?<not>not\b)|<(?<uri>[^<>\s]+)>|\[(?<etag>(?:W\/)?"[^"]*")\])\s*/iy

/**
 * Parses an `If` header.
 * @throws HttpRefusal 400 when it does not follow the grammar.
 */
export function parseIfHeader(header: string): readonly ConditionList[] {
  const lists: ConditionList[] = []
  let resource: string | undefined
  let conditions: Condition[] | undefined
  let not = false
  const scanner = new RegExp(token)
  for (let at = 0; at < header.length; at = scanner.lastIndex) {
    scanner.lastIndex = at
    const groups = scanner.exec(header)?.groups
    if (groups === undefined) throw new HttpRefusal(400)
    const { paren, uri, etag } = groups
    if (paren === '(') {
      if (conditions !== undefined) throw new HttpRefusal(400)
      conditions = []
    } else if (paren === ')') {
      if (conditions === undefined || conditions.length === 0 || not) throw new HttpRefusal(400)
      lists.push({ resource, conditions })
      conditions = undefined
    } else if (conditions === undefined) {
      if (uri === undefined) throw new HttpRefusal(400)
      resource = uri
    } else if (uri !== undefined || etag !== undefined) {
      conditions.push({ not, kind: uri === undefined ? 'etag' : 'token', value: uri ?? etag ?? '' })
      not = false
    } else {
      if (not) throw new HttpRefusal(400)
      not = true
    }
  }
  if (conditions !== undefined || lists.length === 0) throw new HttpRefusal(400)
  return lists
}

/** Every lock token a client shows that it knows, wherever in the header it stands. */
export function submittedTokens(lists: readonly ConditionList[]): ReadonlySet<string> {
  return new Set(
    lists.flatMap(({ conditions }) =>
      conditions.filter(({ kind }) => kind === 'token').map(({ value }) => value),
    ),
  )
}
