import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startChromium, type RunningApp } from '../../harness/electron/start-app.ts'
import { needs } from '../../harness/needs.ts'
import { makeAppHome, type AppHome } from '../accounts/app-home.ts'

/** Each does something that a script in the page must not be able to, and what the policy says of it. */
const attempts: readonly (readonly [string, string, string])[] = [
  [
    'a script in the page',
    "head.append(made('script', { textContent: 'window.ran = true' }))",
    'require-trusted-types-for',
  ],
  [
    'a script from elsewhere',
    "head.append(made('script', { src: 'https://example.com/x.js' }))",
    'require-trusted-types-for',
  ],
  [
    'a handler in an attribute',
    "body.insertAdjacentHTML('beforeend', '<img src=x onerror=1>')",
    'require-trusted-types-for',
  ],
  ['a module from elsewhere', "import('https://example.com/x.js').catch(() => 0)", 'script-src-elem'],
  ['eval', "setTimeout(() => eval('window.ran = true'))", 'require-trusted-types-for'],
  ['markup from a text', "body.innerHTML = '<b>x</b>'", 'require-trusted-types-for'],
  ['a policy of its own for that', "trustedTypes.createPolicy('own', {})", 'trusted-types'],
  ['a request', "fetch('https://example.com/').catch(() => 0)", 'connect-src'],
  ['a WebSocket', "new WebSocket('wss://example.com/')", 'connect-src'],
  ['a beacon', "navigator.sendBeacon('https://example.com/', 'x')", 'connect-src'],
  ['a picture from elsewhere', "body.append(made('img', { src: 'https://example.com/x.png' }))", 'img-src'],
  ['a frame', "body.append(made('iframe', { src: 'https://example.com/' }))", 'frame-src'],
  ['a frame of our own page', "body.append(made('iframe', { src: '/index.html' }))", 'frame-src'],
  ['an object', "body.append(made('object', { data: '/index.html' }))", 'require-trusted-types-for'],
  [
    'a style sheet from elsewhere',
    "head.append(made('link', { rel: 'stylesheet', href: 'https://example.com/x.css' }))",
    'style-src-elem',
  ],
  [
    'a style in the page',
    "head.append(made('style', { textContent: 'body { color: red }' }))",
    'style-src-elem',
  ],
  [
    'a form',
    "const form = made('form', { action: 'https://example.com/', method: 'post' }); body.append(form); form.submit()",
    'form-action',
  ],
  ['another base of addresses', "head.append(made('base', { href: 'https://example.com/' }))", 'base-uri'],
  ['sound', "body.append(made('audio', { src: 'https://example.com/x.mp3' }))", 'media-src'],
]

needs('chromium')('the page of the running app', () => {
  let browser: Browser
  let home: AppHome
  let app: RunningApp
  let page: Page
  beforeAll(async () => {
    browser = await startChromium()
    home = await makeAppHome()
    app = await home.start(browser)
    page = await app.page()
    await page.getByRole('button', { name: 'Mount the Sandbox' }).waitFor()
    await page.evaluate(`
      window.violations = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective))
    `)
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
    await browser.close()
  })

  test.each(attempts)('is not let have %s', async (_what, script, directive) => {
    await page.evaluate(`(async () => {
      violations.length = 0
      const { head, body } = document
      const made = (tag, properties) => Object.assign(document.createElement(tag), properties)
      try { ${script} } catch {}
    })()`)
    await expect.poll(() => page.evaluate('violations')).toContain(directive)
    expect(await page.evaluate('window.ran')).toBe(undefined)
  })

  test('is shown with the whole policy, said by main and not only by itself', async () => {
    const url = 'mountbar-app://popover/index.html'
    const asked = { windowId: 1, url, method: 'GET', headers: {}, body: undefined }
    const response = await app.process.channel.ask('page.request', asked)
    expect(response?.headers['content-security-policy']).toMatch(/^default-src 'none'; /)
    expect(response?.headers).toMatchObject({
      'content-security-policy': await page.getAttribute('meta[http-equiv]', 'content'),
      'x-content-type-options': 'nosniff',
    })
  })

  test.each([
    '/../main.js',
    '/%2e%2e/main.js',
    '/..%2fpreload.cjs',
    '/index.html/../../main.js',
    '//etc/passwd',
    '/.env',
  ])('gets no file at %s', async (path) => {
    const url = `mountbar-app://popover${path}`
    const asked = { windowId: 1, url, method: 'GET', headers: {}, body: undefined }
    expect((await app.process.channel.ask('page.request', asked))?.status).toBe(404)
  })

  test('has nothing of Node, of Electron or of the preload but the one bridge', async () => {
    const reached = await page.evaluate(`({
      node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window),
      bridge: Object.keys(window.mountbar).toSorted(),
      isFrozen: Object.isFrozen(window.mountbar),
    })`)
    expect(reached).toEqual({ node: [], bridge: ['invoke', 'onNavigate', 'onSnapshot'], isFrozen: true })
  })

  test('goes nowhere and opens nothing, whatever leads there', async () => {
    const before = app.deeds.length
    const leads = [
      "location.assign('https://example.com/assigned')",
      "location.href = 'file:///etc/passwd'",
      "document.body.append(Object.assign(document.createElement('a'), { href: 'https://example.com/link', id: 'lead' })); document.querySelector('#lead').click()",
      "window.open('https://example.com/opened')",
      "window.open('about:blank')",
    ]
    for (const lead of leads) await page.evaluate(`void setTimeout(() => { ${lead} })`)
    await expect
      .poll(() => app.deeds.slice(before).filter(({ what }) => what === 'refuse-window').length)
      .toBeGreaterThanOrEqual(1)
    await expect
      .poll(() => app.deeds.slice(before).filter(({ what }) => what === 'refuse-navigation').length)
      .toBeGreaterThanOrEqual(1)
    expect(page.url()).toMatch(/popover.*\/index\.html$/)
    // What it opened is closed at once, but not within the same moment.
    await expect.poll(() => page.context().pages()).toHaveLength(1)
    expect(app.desk.windows).toHaveLength(1)
    expect(app.deeds.filter(({ what }) => what === 'open-external')).toEqual([])
  })
})
