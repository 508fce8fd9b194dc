import { elementsOf } from './elements.ts'

/** The token in a LOCK reply's BODY, `locktoken/href`; its header is never looked at (webdavfs-403: P:774-812, 1077-1105). */
export function parseLockToken(document: string): string | undefined {
  const href = elementsOf(document).find(
    (element) => element.name === 'href' && element.ancestors.at(-1) === 'locktoken',
  )
  const token = href?.text.trim()
  return token === '' ? undefined : token
}
