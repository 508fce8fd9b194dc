import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { channels } from '../../../src-main/shared/app/channels.ts'
import { linkIds, type Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import { startChromium, type RunningApp } from '../../harness/electron/start-app.ts'
import { needs } from '../../harness/needs.ts'
import { waitFor } from '../../harness/wait-for.ts'
import { fileSystemDrive, makeAppHome, snapshotOf, type AppHome } from '../accounts/app-home.ts'
import { commandNames, hostilePayloads, notCommands } from './hostile-payloads.ts'

interface AppWindow {
  readonly mountbar: { invoke(name: unknown, input: unknown): Promise<unknown> }
}

const refused = { ok: false, error: { code: 'message-invalid' } }

needs('chromium')('what a page may send to the app', () => {
  let browser: Browser
  let home: AppHome
  let app: RunningApp
  let page: Page
  let before: unknown
  beforeAll(async () => {
    browser = await startChromium()
    home = await makeAppHome()
    await home.writeAws('config', '[profile work]\nregion = eu-central-1\n')
    await home.writeSettings({ drives: [{ ...fileSystemDrive('Photos', 'work'), autoMount: false }] })
    app = await home.start(browser)
    await app.clickTray()
    page = await app.page()
    const isSettled = ({ engine, accounts }: Snapshot): boolean =>
      engine.state === 'missing' && accounts.length === 1
    await waitFor(async () => isSettled(await snapshotOf(page)), { what: 'the first look at everything' })
    // The window takes the height of its page, some time after it is there.
    await page.getByText('Not mounted').waitFor()
    const isAsHigh = async (): Promise<boolean> =>
      (await page.evaluate('document.documentElement.scrollHeight <= innerHeight')) === true &&
      (await page.evaluate('innerHeight')) === app.desk.windows[0]?.bounds.height
    await waitFor(isAsHigh, { what: 'the window to be as high as its page' })
    before = await everything()
    const isQuiet = async (): Promise<boolean> => {
      const earlier = before
      before = await everything()
      return isDeepStrictEqual(earlier, before)
    }
    await waitFor(isQuiet, { what: 'nothing to change any more', everyMs: 500 })
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await home[Symbol.asyncDispose]()
    await browser.close()
  })

  /** All that a message could have changed. */
  async function everything(): Promise<unknown> {
    const { revision: _, nowMs: __, ...snapshot }: Snapshot = await snapshotOf(page)
    const { windows, loginItem, clipboardText, openMenu, notifications } = app.desk
    const settings = await readFile(home.settingsPath, 'utf8')
    const desk = { windows, loginItem, clipboardText, openMenu, notifications }
    return { snapshot, settings, desk, deeds: app.deeds.filter(({ what }) => what !== 'refuse-request') }
  }

  async function invoke(name: unknown, payloads: readonly unknown[]): Promise<readonly unknown[]> {
    return await page.evaluate(
      async ([command, inputs]) => {
        const { mountbar } = globalThis as unknown as AppWindow
        return await Promise.all(inputs.map((input) => mountbar.invoke(command, input)))
      },
      [name, payloads] as const,
    )
  }

  /** As a frame at `frameUrl` would ask, which has none of the preload. */
  function askAs(frameUrl: string): Promise<unknown> {
    const args = ['app.open-link', { link: 'docs' }]
    return app.process.channel.ask('page.invoke', { windowId: 1, frameUrl, channel: channels.invoke, args })
  }

  describe.each(commandNames)('%s', (name) => {
    test('with what does not fit it is refused, and nothing happens', async () => {
      const payloads = hostilePayloads(name)
      expect(payloads.length).toBeGreaterThan(8)
      const answers = await invoke(name, payloads)
      expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toEqual([])
      for (const answer of answers) expect(answer).toMatchObject(refused)
      expect(await everything()).toEqual(before)
    })
  })

  test('a name that is no command is refused, and nothing happens', async () => {
    for (const name of notCommands) expect(await invoke(name, [{}])).toMatchObject([refused])
    expect(await everything()).toEqual(before)
  })

  test.each([
    'https://example.com/',
    'mountbar-app://popover/other.html',
    'mountbar-app://elsewhere/index.html',
    'mountbar-app://popover.example.com/index.html',
    'file:///index.html',
    'about:blank',
    'data:text/html,x',
    '',
  ])('a frame at "%s" is refused', async (url) => {
    expect(await askAs(url)).toMatchObject(refused)
    expect(await everything()).toEqual(before)
    // The same from our own page is answered.
    const own = 'mountbar-app://popover/index.html'
    const args = ['snapshot.get', {}]
    const sent = { windowId: 1, frameUrl: own, channel: channels.invoke, args }
    expect(await app.process.channel.ask('page.invoke', sent)).toMatchObject({ ok: true })
  })

  test('a page that gives itself another address is refused until it is back', async () => {
    await page.evaluate("history.replaceState(null, '', '/other.html')")
    expect(await invoke('app.open-link', [{ link: 'docs' }])).toMatchObject([refused])
    await page.evaluate("history.replaceState(null, '', '/index.html')")
    expect(await everything()).toEqual(before)
  })

  test('other channels answer nothing', async () => {
    for (const channel of [
      'mountbar:other',
      channels.snapshot,
      channels.navigate,
      'ELECTRON_BROWSER_REQUIRE',
    ]) {
      const sent = { windowId: 1, frameUrl: 'mountbar-app://popover/index.html', channel, args: [] }
      await expect(app.process.channel.ask('page.invoke', sent)).rejects.toThrow('No handler registered')
    }
  })

  test('what fits and names what is not there, or leads out of a drive, changes nothing either', async () => {
    const fileSystem = {
      region: 'eu-central-1',
      fileSystemId: 'fs-0123456789abcdef0',
      server: { host: 'nfs.example.com', port: 2049 },
    }
    const asked: readonly (readonly [string, unknown, string])[] = [
      ['drive.mount', { driveId: '../photos' }, 'drive-unknown'],
      ['drive.reveal', { driveId: 'photos' }, 'not-mounted'],
      ['file.reveal', { driveId: 'photos', paths: ['../../../etc/passwd'] }, 'not-mounted'],
      ['drive.change', { driveId: 'photos', changes: { name: '../../evil' } }, 'name-invalid'],
      ['drive.add-file-system', { fileSystem: { ...fileSystem, name: 'a/b' }, mount: false }, 'name-invalid'],
      ['drive.add-sandbox', { dir: '/nowhere/at/all', mount: false }, 'source-missing'],
      ['account.sign-in', { profile: '$(touch /tmp/x)', method: 'browser' }, 'profile-unknown'],
      ['upload.discard', { driveId: '__proto__', id: 1 }, 'drive-unknown'],
    ]
    for (const [name, input, code] of asked)
      expect([name, ...(await invoke(name, [input]))]).toMatchObject([name, { ok: false, error: { code } }])
    expect(await everything()).toEqual(before)
  })

  // The last: it leaves deeds.
  test('links are those of the list, and lead to pages on the web', async () => {
    const answers = await Promise.all(linkIds.map((link) => invoke('app.open-link', [{ link }])))
    expect(answers.flat()).toEqual(linkIds.map(() => ({ ok: true, value: undefined })))
    const urls = app.deeds.flatMap((deed) => (deed.what === 'open-external' ? [deed.url] : []))
    expect(urls).toHaveLength(linkIds.length)
    for (const url of urls)
      expect(url).toMatch(/^https:\/\/(github\.com|docs\.docker\.com|docs\.aws\.amazon\.com)\//)
  })
})
