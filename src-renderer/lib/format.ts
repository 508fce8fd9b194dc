/** Numbers as the Finder and this app write them: decimal units, at most three digits that count, in English. */

const number = new Intl.NumberFormat('en-US')
const units = ['kB', 'MB', 'GB', 'TB', 'PB'] as const

export function formatCount(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`
}

/** `640 bytes`, `12 kB`, `1.4 MB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return formatCount(Math.round(bytes), 'byte', 'bytes')
  // Rounded first, so that nothing is ever "1,000 kB".
  let value = Math.round(bytes / 1_000)
  let unit = 0
  for (let scaled = bytes / 1_000; value >= 1_000 && unit < units.length - 1; unit++) {
    scaled /= 1_000
    value = scaled < 100 ? Math.round(scaled * 10) / 10 : Math.round(scaled)
  }
  return `${number.format(value)} ${units[unit] ?? ''}`
}

/** In kB at least: a rate that ticks must not change its unit's width. */
export function formatRate(bytesPerSec: number): string {
  return bytesPerSec < 1_000 ? '<1 kB/s' : `${formatBytes(bytesPerSec)}/s`
}

/** `12 s`, `64 s`, `3 min`, `3 h 12 min`, `2 days` */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return formatCount(Math.floor(hours / 24), 'day', 'days')
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

export function formatAgo(ms: number): string {
  return ms < 5_000 ? 'just now' : `${formatDuration(ms)} ago`
}

/** Whole minutes, rounded down: nobody is told of a minute that is not there. */
export function formatTimeLeft(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'less than a minute left'
  return `${minutes === 1 ? '1 min' : formatDuration(minutes * 60_000)} left`
}

/** `<1 ms`, `18 ms`, `1.2 s` */
export function formatLatency(ms: number): string {
  if (ms < 1) return '<1 ms'
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`
}

/** A path with the user's own folder as `~`, as the Finder's friends write it. */
export function formatPath(path: string): string {
  return path.replace(/^\/Users\/[^/]+(?=\/|$)/, '~')
}

export function baseNameOf(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? path
}

/** The folder a path is in, without a slash around it; empty at the top. */
export function folderOf(path: string): string {
  return path.split('/').filter(Boolean).slice(0, -1).join('/')
}
