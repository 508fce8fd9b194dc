import type { RunningApp } from '../../harness/electron/start-app.ts'
import { waitFor } from '../../harness/wait-for.ts'

/** The address that the app had the system's browser open, the `count`th time. Waits for it. */
export async function openedUrl(app: RunningApp, count = 1): Promise<string> {
  return await waitFor(
    () => app.deeds.flatMap((deed) => (deed.what === 'open-external' ? [deed.url] : []))[count - 1],
    { what: 'the browser to be opened' },
  )
}
