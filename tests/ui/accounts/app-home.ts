import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { emptySettings, settingsSchema, type Settings } from '../../../src-main/services/settings/schema.ts'
import type { MountbarBridge } from '../../../src-main/shared/app/answers.ts'
import type { Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import type { LocalIdentityCenter } from '../../harness/aws/start-identity-center.ts'
import { startApp, type RunningApp, type StartAppOptions } from '../../harness/electron/start-app.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

export type DriveInSettings = Settings['drives'][number]
type Env = Readonly<Record<string, string | undefined>>

/** What of a test's own surroundings no app of it may see. */
const nothingOfOurs: Env = {
  XDG_CONFIG_HOME: undefined,
  XDG_RUNTIME_DIR: undefined,
  AWS_PROFILE: undefined,
  AWS_REGION: undefined,
  AWS_CONFIG_FILE: undefined,
  AWS_SHARED_CREDENTIALS_FILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  // Whoever forgets a service of AWS must not reach the real one.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  DOCKER_CONTEXT: undefined,
  DOCKER_CONFIG: undefined,
}

/** A person's home with AWS's files and Mountbar's, and the app that is started in it. */
export interface AppHome extends AsyncDisposable {
  readonly userDir: string
  readonly appDir: string
  /** Where the app looks for a container engine, and for nothing else; nobody answers there unless a test does. */
  readonly engineSocketPath: string
  readonly settingsPath: string
  env(more?: Env): Env
  writeAws(name: 'config' | 'credentials', text: string): Promise<void>
  writeSettings(settings: Partial<Settings>): Promise<void>
  readSettings(): Promise<Settings>
  /** All that the app has logged. */
  readLogs(): Promise<string>
  start(browser: Browser, env?: Env, more?: Partial<StartAppOptions>): Promise<RunningApp>
}

export async function makeAppHome(): Promise<AppHome> {
  const temp = await makeTempDir('app')
  const userDir = join(temp.dir, 'user')
  const appDir = join(temp.dir, 'app')
  const engineSocketPath = join(temp.dir, 'engine.sock')
  const settingsPath = join(appDir, 'settings.json')
  await Promise.all([join(userDir, '.aws'), appDir].map((dir) => mkdir(dir, { recursive: true })))
  const env = (more: Env = {}): Env => ({
    ...nothingOfOurs,
    MOUNTBAR_HOME: appDir,
    DOCKER_HOST: `unix://${engineSocketPath}`,
    ...more,
  })
  return {
    userDir,
    appDir,
    engineSocketPath,
    settingsPath,
    env,
    writeAws: async (name, text) => {
      const path = join(userDir, '.aws', name)
      await writeFile(path, text)
      await chmod(path, 0o600)
    },
    writeSettings: async (settings) => {
      const whole = settingsSchema.parse({ ...emptySettings, ...settings })
      // Never half written: an app that runs would put it aside as broken.
      await writeFile(`${settingsPath}.new`, JSON.stringify(whole))
      await rename(`${settingsPath}.new`, settingsPath)
    },
    readSettings: async () => settingsSchema.parse(JSON.parse(await readFile(settingsPath, 'utf8'))),
    readLogs: async () => {
      const logDir = join(appDir, 'logs')
      const names = await readdir(logDir).catch(() => [])
      return (await Promise.all(names.map((name) => readFile(join(logDir, name), 'utf8')))).join('\n')
    },
    start: (browser, own, more) => startApp({ homeDir: userDir, browser, env: env(own), ...more }),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  }
}

/** A drive on S3 Files that mounts when the app starts. */
export function fileSystemDrive(name: string, profile: string): DriveInSettings {
  return {
    id: name.toLowerCase(),
    name,
    kind: 's3files',
    port: 49_200 + name.length,
    pathSecret: '0123456789abcdef0123456789abcdef',
    readOnly: false,
    writeMode: 'queued',
    autoMount: true,
    fileSystem: {
      fileSystemId: 'fs-0123456789abcdef0',
      region: 'eu-central-1',
      remotePath: '/',
      server: { host: 'nfs.example.com', port: 2049 },
      profile,
    },
  }
}

/** Profiles that sign in at `center`, in the form that has no refresh token: their sign-ins end. */
export function endingProfiles(
  { startUrl, region }: LocalIdentityCenter,
  ...names: readonly string[]
): string {
  return names
    .map(
      (name) =>
        `[profile ${name}]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n` +
        'sso_account_id = 111122223333\nsso_role_name = FilesUser\nregion = eu-central-1\n',
    )
    .join('\n')
}

export function identityCenterEnv({ oidc, portal }: LocalIdentityCenter): Env {
  return { AWS_ENDPOINT_URL_SSO: portal.url, AWS_ENDPOINT_URL_SSO_OIDC: oidc.url }
}

interface AppWindow {
  readonly mountbar: MountbarBridge
}

/** What main would publish now. */
export async function snapshotOf(page: Page): Promise<Snapshot> {
  return await page.evaluate(async () => {
    const result = await (globalThis as unknown as AppWindow).mountbar.invoke('snapshot.get', {})
    if (!result.ok) throw new Error(result.error.code)
    return result.value
  })
}
