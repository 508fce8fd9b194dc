import { createHash } from 'node:crypto'

import type { IdentityCenter } from './identity-center.ts'

/** The AWS CLI's and the SDKs' name for the file with the token. */
export function tokenFileName({ sessionName, startUrl }: IdentityCenter): string {
  return `${sha1(sessionName ?? startUrl)}.json`
}

/** The AWS CLI's name for the file with the client registration: a hash of what it is for, as Python prints it. */
export function registrationFileName({ sessionName, startUrl, region, scopes }: IdentityCenter): string {
  const key = [
    ['region', text(region)],
    ['scopes', scopes.length === 0 ? 'null' : `[${scopes.map(text).join(', ')}]`],
    ['session_name', sessionName === undefined ? 'null' : text(sessionName)],
    ['startUrl', text(startUrl)],
    ['tool', text('botocore')],
  ]
  return `${sha1(`{${key.map(([name = '', value = '']) => `"${name}": ${value}`).join(', ')}}`)}.json`
}

/** As Python's `json.dumps` writes it: nothing but ASCII. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function sha1(value: string): string {
  return createHash('sha1').update(value, 'utf8').digest('hex')
}
