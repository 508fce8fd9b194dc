import type { IdentityCenterState } from './identity-center-state.ts'
import { decisionPage, page } from './pages.ts'
import { html } from './replies.ts'
import type { AwsReply } from './service.ts'

const codeLifeMs = 10 * 60_000

/** What has to be in the address of the page where a person approves. */
const needed = [
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'scopes',
] as const

/** The page where a person approves, or what is wrong with the request: never sent back to a redirect that is not registered. */
export function authorize(query: URLSearchParams, state: IdentityCenterState): AwsReply {
  const missing = needed.find((name) => query.get(name) === null)
  if (missing !== undefined) return html(400, page(`Missing ${missing}`))
  const client = state.clients.get(query.get('client_id') ?? '')
  if (client === undefined) return html(400, page('Unknown client'))
  if (!client.grantTypes.includes('authorization_code')) return html(400, page('Not for this client'))
  const redirect = URL.parse(query.get('redirect_uri') ?? '')
  // RFC 8252, 7.3: of a loopback redirect the port is not compared.
  const withoutPort = redirect === null ? '' : `http://127.0.0.1${redirect.pathname}`
  if (redirect?.hostname !== '127.0.0.1' || !client.redirectUris.includes(withoutPort)) {
    return html(400, page('Redirect not registered'))
  }
  if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256') {
    return html(400, page('Unsupported request'))
  }
  const scopes = query.get('scopes')?.split(' ') ?? []
  if (scopes.some((scope) => !client.scopes.includes(scope))) return html(400, page('Scope not registered'))
  return html(200, decisionPage('Allow mountbar?', '/authorize/decision', Object.fromEntries(query)))
}

/** Sends the browser back with a code, or with the refusal. */
export function decideAuthorization(form: URLSearchParams, state: IdentityCenterState): AwsReply {
  const redirectUri = form.get('redirect_uri') ?? ''
  const back = new URL(redirectUri)
  back.searchParams.set('state', form.get('state') ?? '')
  if (form.get('decision') === 'allow') {
    const code = state.newSecret('code')
    state.codes.set(code, {
      clientId: form.get('client_id') ?? '',
      redirectUri,
      challenge: form.get('code_challenge') ?? '',
      expiresAtMs: state.now() + codeLifeMs,
    })
    back.searchParams.set('code', code)
  } else {
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', 'The person said no')
  }
  return { status: 302, headers: { Location: back.href } }
}

export function showDevice(query: URLSearchParams): AwsReply {
  const userCode = query.get('user_code') ?? ''
  return html(200, decisionPage(`Allow ${userCode}?`, '/device/decision', { user_code: userCode }))
}

export function decideDevice(form: URLSearchParams, state: IdentityCenterState): AwsReply {
  const device = [...state.devices.values()].find(({ userCode }) => userCode === form.get('user_code'))
  if (device === undefined) return html(400, page('Unknown code'))
  device.decision = form.get('decision') === 'allow' ? 'approved' : 'denied'
  return html(200, page('Done'))
}
