import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { fromSSO } from '@aws-sdk/credential-providers'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { openSignInRig, type SignInRig } from '../harness/aws/sign-in-rig.ts'
import { needs, programOf } from '../harness/needs.ts'
import { waitFor } from '../harness/wait-for.ts'
import { serveWebPage, type WebPage } from '../harness/web-page.ts'

const hostilePagePath = join(import.meta.dirname, '../fixtures/hostile-page.html')

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: programOf('chromium'),
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP *.example 127.0.0.1',
      // Chromium's own wall between web pages and loopback would hide what the listener does; others have none.
      '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessChecks',
    ],
  })
}

needs('chromium')('signing in with a real browser', () => {
  let browser: Browser
  let rig: SignInRig
  let page: Page
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
  })
  beforeEach(async () => {
    rig = await openSignInRig()
    page = await browser.newPage()
    rig.browse = async (url) => {
      await page.goto(url)
      return true
    }
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await page.close()
    await rig[Symbol.asyncDispose]()
  })

  const isWaiting = (): Promise<true> =>
    waitFor(() => rig.states.at(-1)?.kind === 'awaiting-browser', { what: 'the browser to be waited for' })
  const press = (name: 'Allow' | 'Deny') => page.getByRole('button', { name }).click()
  /** What the browser was sent out with. */
  const sent = () => new URL(rig.opened.at(-1)!).searchParams

  test('a person who presses Allow is signed in, and AWS’s SDK finds the sign-in by itself', async () => {
    const signedIn = rig.signIn('browser')
    await isWaiting()
    await press('Allow')
    await signedIn
    await page.getByText('You can close this window').waitFor()
    // Allowing is all that was needed: the page itself has asked for nothing more.
    expect(await page.locator('script, img, link, iframe, form').count()).toBe(0)

    vi.stubEnv('HOME', rig.homeDir)
    vi.stubEnv('AWS_ENDPOINT_URL_SSO', rig.center.portal.url)
    const configFilepath = join(rig.homeDir, 'config')
    await writeFile(
      configFilepath,
      [
        '[profile work]',
        'sso_session = corp',
        `sso_account_id = ${rig.access.accountId}`,
        `sso_role_name = ${rig.access.roleName}`,
        '[sso-session corp]',
        `sso_start_url = ${rig.access.startUrl}`,
        `sso_region = ${rig.access.region}`,
      ].join('\n'),
    )
    const provide = fromSSO({ profile: 'work', configFilepath, filepath: join(rig.homeDir, 'none') })
    expect(await provide()).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/) as string,
      sessionToken: expect.any(String) as string,
      expiration: expect.any(Date) as Date,
    })
  })

  test('a person who presses Deny is not, and reads so', async () => {
    const outcome = expect(rig.signIn('browser')).rejects.toMatchObject({ code: 'sign-in-denied' })
    await isWaiting()
    await press('Deny')
    await outcome
    await page.getByText('AWS did not let Mountbar in').waitFor()
  })

  test('closing the browser changes nothing until the person gives up', async () => {
    const stop = new AbortController()
    const signedIn = rig.signIn('browser', stop.signal)
    await isWaiting()
    await page.close()
    expect(rig.states.at(-1)?.kind).toBe('awaiting-browser')
    stop.abort()
    await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('who sees the code in the address cannot use it without what never left this process', async () => {
    rig.center.oidcFaults.next('CreateToken', 'hang')
    const stop = new AbortController()
    const signedIn = rig.signIn('browser', stop.signal)
    await isWaiting()
    const [request] = await Promise.all([
      page.waitForRequest((seen) => seen.url().startsWith(sent().get('redirect_uri')!)),
      press('Allow'),
    ])
    const code = new URL(request.url()).searchParams.get('code')!
    expect(rig.center.state.codes.has(code)).toBe(true)
    const { clientId, clientSecret } = rig.center.state.clients.get(sent().get('client_id')!)!
    await waitFor(() => rig.center.oidcCalls.length === 2, { what: 'the exchange that hangs' })
    const answer = await fetch(`${rig.center.oidc.url}/token`, {
      method: 'POST',
      body: JSON.stringify({
        clientId,
        clientSecret,
        grantType: 'authorization_code',
        code,
        // All that the address of the first page has told.
        codeVerifier: sent().get('code_challenge'),
        redirectUri: sent().get('redirect_uri'),
      }),
    })
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
    stop.abort()
    await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('a reload of the last page meets nobody', async () => {
    const signedIn = rig.signIn('browser')
    await isWaiting()
    await press('Allow')
    await signedIn
    await page.waitForURL(/oauth\/callback/)
    await expect(page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED')
  })

  test('the code of one sign-in is not taken by another: each has a state of its own', async () => {
    const first = rig.signIn('browser')
    await isWaiting()
    const old = sent()
    const [callback] = await Promise.all([
      page.waitForRequest((seen) => seen.url().startsWith(old.get('redirect_uri')!)),
      press('Allow'),
    ])
    await first
    const stop = new AbortController()
    const second = rig.signIn('browser', stop.signal)
    await waitFor(() => rig.opened.length === 2 && rig.states.at(-1)?.kind === 'awaiting-browser', {
      what: 'the second sign-in',
    })
    const replayed = new URL(sent().get('redirect_uri')!)
    replayed.search = new URL(callback.url()).search
    const other = await browser.newPage()
    expect((await other.goto(replayed.href))?.status()).toBe(404)
    await other.close()
    expect(rig.states.at(-1)?.kind).toBe('awaiting-browser')
    stop.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  })
})

needs('chromium')('a web page that knows the port of a sign-in', () => {
  let browser: Browser
  let rig: SignInRig
  let website: WebPage
  beforeAll(async () => {
    rig = await openSignInRig()
    rig.browse = () => Promise.resolve(true)
    website = await serveWebPage(await readFile(hostilePagePath, 'utf8'))
    browser = await launch()
  })
  afterAll(async () => {
    await browser.close()
    await website[Symbol.asyncDispose]()
    await rig[Symbol.asyncDispose]()
  })

  test('can neither end the sign-in nor slip in a code of its own', async () => {
    const stop = new AbortController()
    const signedIn = rig.signIn('browser', stop.signal)
    await waitFor(() => rig.states.at(-1)?.kind === 'awaiting-browser', { what: 'the sign-in' })
    const redirect = new URL(rig.opened[0]!).searchParams.get('redirect_uri')!
    const page = await browser.newPage()
    await page.goto(`http://elsewhere.example:${website.port}/`)
    const answers: number[] = []
    page.on('response', (response) => {
      if (response.url().startsWith(redirect)) answers.push(response.status())
    })
    const forged = [
      '?code=attackers',
      '?code=attackers&state=',
      `?code=attackers&state=${'A'.repeat(43)}`,
      '?error=access_denied',
      `?error=access_denied&state=${'A'.repeat(43)}`,
    ]
    for (const query of forged) {
      // As an image, as a request of a script, and as a whole page.
      const url = redirect + query
      for (const attack of [
        `withElement(${JSON.stringify({ tag: 'img', attribute: 'src', url })})`,
        `withFetch(${JSON.stringify({ url, mode: 'no-cors' })})`,
      ])
        await page.evaluate(attack)
      const frame = await browser.newPage()
      expect((await frame.goto(redirect + query))?.status(), query).toBe(404)
      await frame.close()
    }
    expect(new Set(answers)).toEqual(new Set([404]))
    expect(rig.states.at(-1)?.kind).toBe('awaiting-browser')
    expect(rig.center.oidcCalls.map(({ operation }) => operation)).toEqual(['RegisterClient'])
    stop.abort()
    await expect(signedIn).rejects.toMatchObject({ code: 'cancelled' })
  })
})
