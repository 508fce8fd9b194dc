import { chmod, cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

import { emptySettings, type DriveSettings } from '../../../src-main/services/settings/schema.ts'
import { makeCommandHome, volumesBelow, type CommandHome } from '../../harness/command-home.ts'
import { startApp, type RunningApp, type StartAppOptions } from '../../harness/electron/start-app.ts'
import { makeGatedCommand, type GatedCommand } from '../../harness/gated-command.ts'
import { freePort } from '../../harness/nfs/free-port.ts'
import { waitFor, within } from '../../harness/wait-for.ts'
import { snapshotOf } from '../accounts/app-home.ts'

const iconsDir = join(import.meta.dirname, '../../../resources/icons')

/** A folder as a drive, whose files a test reads past the volume. */
export interface FolderDrive {
  readonly settings: DriveSettings
  readonly name: string
  readonly sourceDir: string
  readonly mountPoint: string
}

/** An installation of the built app and the built command with drives of its own. The app may be started in it again and again. */
export interface AppHome extends AsyncDisposable {
  readonly dir: string
  readonly command: CommandHome
  /** Holds up what is delivered, of the app's and the command's drives alike. */
  readonly gate: GatedCommand
  readonly programDir: string
  readonly settingsPath: string
  readonly bucketsDir: string
  makeDrive(name: string, more?: Partial<DriveSettings>): Promise<FolderDrive>
  writeSettings(drives: readonly FolderDrive[]): Promise<void>
  startApp(options?: Partial<StartAppOptions>): Promise<RunningApp>
  volumes(): Promise<readonly string[]>
  /** What the file manager was told to show. */
  shown(): Promise<readonly string[]>
}

/** Dispose of it at the end of the test, which fails when something of it is left then. */
export async function makeAppHome(browser: Browser): Promise<AppHome> {
  let gate: GatedCommand | undefined
  const command = await makeCommandHome(async (dir) => {
    gate = await makeGatedCommand(dir)
    return gate.cliPath
  })
  const { dir } = command
  const programDir = join(dir, 'program')
  const settingsPath = join(dir, 'app/settings.json')
  const binDir = join(dir, 'bin')
  const shownPath = join(dir, 'shown')
  await cp(iconsDir, join(dir, 'resources/icons'), { recursive: true })
  await mkdir(join(dir, 'app'), { mode: 0o700 })
  await mkdir(binDir)
  await writeFile(join(binDir, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${shownPath}'\n`)
  await chmod(join(binDir, 'xdg-open'), 0o755)
  const running: RunningApp[] = []

  return {
    dir,
    command,
    gate: gate!,
    programDir,
    settingsPath,
    bucketsDir: join(dir, 'app/state/simulated-buckets'),
    makeDrive: async (name, more = {}) => {
      const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
      const sourceDir = join(dir, 'folders', name)
      await mkdir(sourceDir, { recursive: true })
      const settings: DriveSettings = {
        id,
        name,
        kind: 'sandbox',
        sourceDir,
        port: await freePort(),
        pathSecret: randomBytes(16).toString('hex'),
        readOnly: false,
        writeMode: 'queued',
        ...(more as object),
      }
      return {
        settings,
        name,
        sourceDir,
        mountPoint: settings.mountPoint ?? join(dir, 'app/Volumes.noindex', name),
      }
    },
    writeSettings: async (drives) => {
      const settings = { ...emptySettings, drives: drives.map((drive) => drive.settings) }
      // Never half written: an app that runs would put it aside as broken.
      await writeFile(`${settingsPath}.new`, JSON.stringify(settings), { mode: 0o600 })
      await rename(`${settingsPath}.new`, settingsPath)
    },
    startApp: async (options = {}) => {
      const app = await startApp({
        homeDir: join(dir, 'user'),
        browser,
        mainPath: join(programDir, 'main.js'),
        ...options,
        env: {
          MOUNTBAR_HOME: join(dir, 'app'),
          MOUNTBAR_EXPORT_QUIET_MS: '1000',
          XDG_CONFIG_HOME: undefined,
          PATH: `${binDir}:${process.env['PATH'] ?? ''}`,
          ...options.env,
        },
      })
      running.push(app)
      return app
    },
    volumes: () => volumesBelow(dir),
    shown: async () => (await readFile(shownPath, 'utf8').catch(() => '')).split('\n').filter(Boolean),
    [Symbol.asyncDispose]: async () => {
      await gate?.open()
      for (const app of running) await app[Symbol.asyncDispose]()
      expect(await command.cleanUp()).toEqual([])
    },
  }
}

/** The popover, opened by its icon unless it is open. */
export async function popoverOf(app: RunningApp): Promise<Page> {
  if (!app.desk.windows.some(({ isVisible }) => isVisible)) await app.clickTray()
  return await app.page()
}

export function rowOf(page: Page, { name }: Pick<FolderDrive, 'name'>): Locator {
  return page.getByRole('listitem', { name, exact: true })
}

export async function showDrives(page: Page): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('button', { name: /^Drives/ }).click()
}

/** Presses Mount and waits until it is. */
export async function mountIn(page: Page, drive: Pick<FolderDrive, 'name'>): Promise<void> {
  await page.getByRole('button', { name: `Mount ${drive.name}`, exact: true }).click()
  await statusBecomes(page, drive, 'Mounted')
}

/** The line below its name. */
export async function statusBecomes(
  page: Page,
  drive: Pick<FolderDrive, 'name'>,
  text: string | RegExp,
): Promise<void> {
  const line = rowOf(page, drive).locator('.drive-status p')
  const is = async (): Promise<boolean> => {
    const said = ((await line.textContent({ timeout: 1_000 }).catch(() => '')) ?? '').trim()
    return typeof text === 'string' ? said === text : text.test(said)
  }
  await waitFor(is, { what: `${drive.name} to be "${String(text)}"`, limitMs: 40_000 })
}

/** The app goes as it should, by itself, once it has been asked to. */
export async function ends(app: RunningApp): Promise<void> {
  const end = await within(app.process.exited, 'the app to end', 40_000)
  expect(end).toEqual({ code: 0, signal: null })
}

/** Asks it to, with nothing on its way. What was delivered a moment ago it may still take for pending: then it is told to wait. */
export async function quits(app: RunningApp): Promise<void> {
  await tooltipSaysNothingOnItsWay(app)
  await app.quit()
  const asked = app.dialog('message-box').then(
    (question) => {
      if (String(question.options['message']).includes('on its way')) question.answer({ response: 0 })
      else throw new Error(`the app does not quit: ${JSON.stringify(question.options)}`)
    },
    // It ended without.
    () => undefined,
  )
  await Promise.all([ends(app), asked])
}

export async function tooltipSays(app: RunningApp, text: string): Promise<void> {
  await waitFor(() => app.desk.tray?.toolTip.includes(text) === true, {
    what: `the tooltip to say "${text}"`,
    limitMs: 40_000,
  })
}

export async function tooltipSaysNothingOnItsWay(app: RunningApp): Promise<void> {
  const isSaid = (): boolean => app.desk.tray?.toolTip.includes(' way') === false
  await waitFor(isSaid, { what: 'the tooltip to say that nothing is on its way' })
}

/** The first file that was saved to a drive is delivered, and the app knows: what it says to be on its way from then on is another. */
export async function firstIsDelivered(
  app: RunningApp,
  page: Page,
  { name }: Pick<FolderDrive, 'name'>,
): Promise<void> {
  const isKnown = async (): Promise<boolean> => {
    const { uploads } = (await snapshotOf(page)).drives.find((drive) => drive.name === name)!
    return uploads.delivered > 0 && uploads.pending === 0
  }
  await waitFor(isKnown, { what: `the app to know that what was saved to ${name} is delivered` })
  await tooltipSaysNothingOnItsWay(app)
}

export async function contentBecomes(path: string, content: string): Promise<void> {
  const is = async (): Promise<boolean> => (await readFile(path, 'utf8').catch(() => '')) === content
  await waitFor(is, { what: `${path} to arrive`, limitMs: 40_000 })
}
