import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { startApp, type StartAppOptions } from '../harness/electron/start-app.ts'
import { useChromium } from '../harness/electron/use-chromium.ts'
import { needs } from '../harness/needs.ts'
import { isAlive } from '../harness/command-home.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { waitFor } from '../harness/wait-for.ts'

const fixtureDir = join(import.meta.dirname, '../fixtures/electron-app')

/** What a page of the fixture sees. */
interface TinyWindow {
  tiny: Tiny
  leaked?: string
  require?: unknown
  heard: unknown[]
}

/** What the preload of the fixture gives it. */
interface Tiny {
  ask(question: unknown): Promise<unknown>
  do(name: string): void
  onNews(listener: (news: unknown) => void): () => void
  sandboxed: boolean
}

needs('chromium')('the Electron stand-in', () => {
  const browser = useChromium()

  async function startTiny(options: Partial<StartAppOptions> = {}) {
    const home = await makeTempDir('stand-in')
    const app = await startApp({
      homeDir: home.dir,
      browser: browser(),
      mainPath: join(fixtureDir, 'main.ts'),
      ...options,
    })
    const said = (text: string): Promise<unknown> =>
      waitFor(() => app.process.output().includes(text), { what: `the app to say "${text}"` })
    const page = await app.page(1)
    return {
      app,
      home,
      said,
      page,
      have: (deed: string) =>
        page.evaluate((name) => (globalThis as unknown as TinyWindow).tiny.do(name), deed),
      [Symbol.asyncDispose]: async () => {
        await app[Symbol.asyncDispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  }

  test('shows a page of the app whose preload has run before any script of it', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded tiny://app/index.html')
    expect(await tiny.page.textContent('#state')).toBe('function')
    await expect
      .poll(() => tiny.app.desk.windows)
      .toMatchObject([{ id: 1, isVisible: false, url: 'tiny://app/index.html' }])
  })

  test('answers a page that asks main, with all that can be cloned', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    const answer = await tiny.page.evaluate(async () => {
      const { tiny } = globalThis as unknown as TinyWindow
      const given = (await tiny.ask({ a: [1, undefined, null], n: NaN })) as { at: Date }
      return { ...given, at: given.at.getTime(), names: Object.keys(given) }
    })
    expect(answer).toEqual({
      from: 'tiny://app/index.html',
      question: { a: [1, undefined, null], n: NaN },
      nothing: undefined,
      at: 0,
      names: ['from', 'question', 'nothing', 'at'],
    })
  })

  test('tells a page why main has thrown, in the words of Electron', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    const asked = tiny.page.evaluate(() => (globalThis as unknown as TinyWindow).tiny.ask({ fail: true }))
    await expect(asked).rejects.toThrow("Error invoking remote method 'ask': Error: as you wish")
    const cloned = tiny.page.evaluate(() => (globalThis as unknown as TinyWindow).tiny.ask({ call: () => 1 }))
    await expect(cloned).rejects.toThrow('An object could not be cloned.')
  })

  test('answers a page that has frames in it', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.page.evaluate("document.body.append(document.createElement('iframe'))")
    const answer = await tiny.page.evaluate(() =>
      (globalThis as unknown as TinyWindow).tiny.ask('still there'),
    )
    expect(answer).toMatchObject({ question: 'still there' })
  })

  test('gives a page nothing but what its preload exposes', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    const reached = await tiny.page.evaluate(() => {
      const page = globalThis as unknown as TinyWindow
      return {
        own: Object.keys(page).filter((name) => /stand|tiny|ipc|electron/i.test(name)),
        leaked: page.leaked,
        require: typeof page.require,
        isFrozen: Object.isFrozen(page.tiny),
        sandboxed: page.tiny.sandboxed,
      }
    })
    expect(reached).toEqual({
      own: ['tiny'],
      leaked: undefined,
      require: 'undefined',
      isFrozen: true,
      sandboxed: true,
    })
  })

  test('delivers what main sends, until the page no longer listens', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.page.evaluate(() => {
      const page = globalThis as unknown as TinyWindow
      page.heard = []
      const end = page.tiny.onNews((news) => {
        page.heard.push(news)
        end()
      })
      page.tiny.do('send')
      page.tiny.do('send')
    })
    const heard = (): Promise<unknown[]> =>
      tiny.page.evaluate(() => (globalThis as unknown as TinyWindow).heard)
    await expect.poll(heard).toEqual([{ undefined, list: [1, undefined, 'é'] }])
    await tiny.page.evaluate(() => (globalThis as unknown as TinyWindow).tiny.ask({}))
    expect(await heard()).toHaveLength(1)
  })

  test('lets a page neither go elsewhere, nor open windows, nor load from elsewhere', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.page.click('#away')
    await tiny.page.click('#window')
    await tiny.page.evaluate(
      'document.body.append(Object.assign(new Image(), { src: "https://example.com/i.png" }))',
    )
    const refusals = (): readonly string[] => tiny.app.deeds.map((deed) => deed.what).toSorted()
    await expect.poll(refusals).toEqual(['refuse-navigation', 'refuse-request', 'refuse-window'])
    await expect.poll(() => tiny.page.context().pages()).toHaveLength(1)
    expect(await tiny.page.textContent('#state')).toBe('function')
    expect(await tiny.app.grantsPermission('notifications')).toBe(true)
    expect(await tiny.app.grantsPermission('media')).toBe(false)
  })

  test('opens the window under the icon, and hides it when the focus goes elsewhere', async () => {
    await using tiny = await startTiny()
    await tiny.app.clickTray()
    const [window] = tiny.app.desk.windows
    expect(window).toMatchObject({ isVisible: true, isFocused: true })
    expect(window!.bounds).toEqual({ x: 1140, y: 24, width: 300, height: 400 })
    await expect.poll(() => tiny.page.viewportSize()).toEqual({ width: 300, height: 400 })
    await tiny.app.clickElsewhere()
    expect(tiny.app.desk.windows).toMatchObject([{ isVisible: false, isFocused: false }])
  })

  test('has a tray whose menu is chosen from by its labels', async () => {
    await using tiny = await startTiny()
    expect(tiny.app.desk.tray).toMatchObject({ toolTip: 'Tiny', isTemplate: true })
    await tiny.app.clickTray('right-click')
    await expect(tiny.app.chooseMenuItem('Not now')).rejects.toThrow('greyed out')
    await expect(tiny.app.chooseMenuItem('Nothing')).rejects.toThrow(
      'not in the menu: More, Not now, Quit Tiny',
    )
    await tiny.app.chooseMenuItem('More', 'Say')
    await tiny.said('chosen')
    expect(tiny.app.desk.openMenu).toBeUndefined()
  })

  test('shows notifications until a person does something about them', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.have('notify')
    await tiny.app.chooseNotificationAction('Look', 'Go')
    await tiny.said('action 0')
    expect(tiny.app.desk.notifications).toEqual([])
    await tiny.have('notify')
    await tiny.app.clickNotification('here')
    await tiny.said('clicked')
  })

  test('keeps what the app has the system do, and what it leaves there', async () => {
    const displays = [
      { bounds: { x: 0, y: 0, width: 1440, height: 900 } },
      { bounds: { x: -1000, y: 0, width: 1000, height: 800 } },
    ]
    await using tiny = await startTiny({ machine: { displays, isOnline: false } })
    await tiny.said('loaded')
    await tiny.have('system')
    await tiny.said(`false -1000 ${tiny.home.dir}/Library/Application Support/Mountbar`)
    // What it says and what it does come by different ways.
    await expect
      .poll(() => tiny.app.deeds)
      .toEqual([
        { what: 'open-external', url: 'https://example.com/' },
        { what: 'show-in-folder', path: '/tmp/a' },
      ])
    await expect
      .poll(() => tiny.app.desk)
      .toMatchObject({
        clipboardText: 'copied',
        powerSaveBlockers: [{ type: 'prevent-app-suspension' }],
        loginItem: { openAtLogin: true },
        protocolClients: ['tiny-link'],
      })
  })

  test('passes on what happens to the machine', async () => {
    await using tiny = await startTiny()
    await tiny.app.power('resume')
    await tiny.said('awake')
    await tiny.app.setDark(true)
    await tiny.said('dark')
    await tiny.app.openUrl('tiny-link://x')
    await tiny.said('link tiny-link://x')
  })

  test('quits as a procedure: asks, stays, asks again, ends', async () => {
    await using tiny = await startTiny()
    await tiny.app.quit()
    ;(await tiny.app.dialog('message-box')).answer({ response: 1 })
    await tiny.app.quit()
    const question = await tiny.app.dialog()
    expect(question.options).toEqual({ message: 'Quit?', buttons: ['Quit', 'Stay'] })
    expect(tiny.app.process.hasExited).toBe(false)
    question.answer({ response: 0 })
    expect(await tiny.app.process.exited).toEqual({ code: 0, signal: null })
    expect(tiny.app.process.output()).toContain('will quit')
  })

  test('runs an app once: who comes second is told of to the first, and ends', async () => {
    await using tiny = await startTiny()
    const mainPath = join(fixtureDir, 'main.ts')
    const second = startApp({ homeDir: tiny.home.dir, browser: browser(), mainPath, args: ['--twice'] })
    await expect(second).rejects.toThrow('the app ended before it was ready, with 0')
    await tiny.said('second hello --twice')
  })

  test('forks utility processes that hear and answer, and end with the code they say', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.have('fork')
    await tiny.said('child says argument yes undefined')
    await tiny.said('child answers {"answerTo":"early"}')
    await tiny.said('child ended with 3 undefined')
  })

  test('takes utility processes along when it is killed', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.have('forkForever')
    const [, digits] = await waitFor(() => /child (\d+)\n/.exec(tiny.app.process.output()), {
      what: 'the app to say which child',
    })
    const pid = Number(digits)
    expect(await isAlive(pid)).toBe(true)
    await tiny.app.process.kill()
    await waitFor(async () => !(await isAlive(pid)), { what: 'the child to end' })
    // Nobody answers any more, which is said rather than waited for.
    await expect(tiny.app.clickTray()).rejects.toThrow('the app has ended')
  })

  test('says aloud what it does not have', async () => {
    await using tiny = await startTiny()
    await tiny.said('loaded')
    await tiny.have('unknown')
    await tiny.said('the Electron stand-in has no StandInApp.startAccessingSecurityScopedResource')
    await tiny.have('unknownEvent')
    await tiny.said("the Electron stand-in has no event 'drop-files' of Tray")
  })

  test.each([
    ["import { crashReporter } from 'electron'\ncrashReporter.start()", 'crashReporter', 60_000],
    // The one that waits for ever.
    [
      "import { app } from 'electron'\nawait app.whenReady()",
      'timed out waiting for the app to be ready',
      2_000,
    ],
    [
      "import { BrowserWindow } from 'electron'\nnew BrowserWindow({ webPreferences: { sandbox: false } })",
      'sandboxed',
      60_000,
    ],
  ])('does not start an app that could not run here: %s', async (source, reason, limitMs) => {
    await using home = await makeTempDir('stand-in')
    const mainPath = join(home.dir, 'main.mjs')
    await writeFile(mainPath, source)
    const started = startApp({ homeDir: home.dir, browser: browser(), mainPath, limitMs })
    await expect(started).rejects.toThrow(reason)
  })
})
