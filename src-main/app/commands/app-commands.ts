import type { Snapshot } from '../../shared/app/snapshot.ts'
import type { Desktop } from '../ports.ts'
import type { HandlersOf } from './handlers.ts'

export interface AppCommandParts {
  readonly desktop: Desktop
  readonly logDir: string
  readonly snapshot: () => Snapshot
  /** @see saveDiagnostics */
  readonly saveDiagnostics: () => Promise<string | undefined>
  /** @see resetApp */
  readonly reset: () => Promise<void>
}

export function appCommands({
  desktop,
  logDir,
  snapshot,
  saveDiagnostics,
  reset,
}: AppCommandParts): HandlersOf<'app' | 'dialog' | 'popover' | 'snapshot'> {
  return {
    'snapshot.get': () => snapshot(),
    'app.open-link': async ({ link }) => await desktop.openLink(link),
    'app.show-logs': async () => await desktop.openPath(logDir),
    'app.save-diagnostics': async () => ({ path: await saveDiagnostics() }),
    'app.reset': async () => await reset(),
    'app.install-update': () => desktop.updates.install(),
    'app.quit': () => desktop.quit(),
    'dialog.choose-folder': async ({ title }) => ({ dir: await desktop.chooseFolder({ title }) }),
    'popover.resize': ({ height }) => desktop.resizePopover(height),
    'popover.hide': () => desktop.hidePopover(),
  }
}
