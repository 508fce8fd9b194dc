import type { EngineView, NotificationKind, UpdateView } from '../../../src-main/shared/app/snapshot.ts'

export const notificationWords: Readonly<Record<NotificationKind, string>> = {
  'session-expiring': 'A sign-in ends soon',
  'session-expired': 'A sign-in has ended',
  'drive-lost': 'A drive was lost',
  'drive-back': 'A drive is back',
  'upload-attention': 'An upload needs attention',
  conflict: 'Two versions of a file were kept',
  'export-refused': 'S3 did not take a file',
  'engine-missing': 'The container engine does not run',
  'stack-done': 'A stack is deployed, or cannot be',
  'update-ready': 'An update is ready',
}

export function updateTextOf(update: UpdateView, version: string): string {
  switch (update.kind) {
    case 'none':
      return `Mountbar ${version} is up to date.`
    case 'downloading':
      return `Fetching ${update.version}, ${Math.round(update.percent)} %. This is ${version}.`
    case 'ready':
      return `${update.version} is ready. This is ${version}.`
  }
}

export function engineTextOf({ state, name, version }: EngineView): string {
  switch (state) {
    case 'looking':
      return 'Looking for container engines…'
    case 'ready':
      return ['Using', name ?? 'a container engine', version].filter((part) => part !== undefined).join(' ')
    case 'missing':
      return 'No container engine can be used'
  }
}
