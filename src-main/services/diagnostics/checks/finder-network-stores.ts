import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

export const finderNetworkStores: Check<Pick<DiagnosticsContext, 'platform' | 'run'>> = {
  id: 'ds-store',
  title: 'Finder’s .DS_Store files on network volumes',
  severity: 'advice',
  applicable: ({ platform }) => platform === 'darwin',
  check: async ({ run }) => {
    const { stdout } = await run(
      '/usr/bin/defaults',
      ['read', 'com.apple.desktopservices', 'DSDontWriteNetworkStores'],
      { timeoutMs: 5_000 },
    )
    return /^(1|true|yes)$/i.test(stdout.trim())
      ? passed('off')
      : failed(
          'Finder writes a .DS_Store file into each folder it shows. Mountbar keeps them off your files, but folders open faster without.',
          'defaults write com.apple.desktopservices DSDontWriteNetworkStores -bool true (then log out and in again)',
        )
  },
}
