import type { ReactNode } from 'react'

interface ProgressBarProps {
  readonly label: string
  /** Of 1; absent while nobody knows. */
  readonly done: number | undefined
}

/** Drawn as SVG: its length is an attribute, so that the page needs no inline style. */
export function ProgressBar({ label, done }: ProgressBarProps): ReactNode {
  const percent = done === undefined ? undefined : Math.round(Math.min(1, Math.max(0, done)) * 100)
  return (
    <svg
      className={`progress ${percent === undefined ? 'progress-unknown' : ''}`}
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <rect className="progress-track" width="100" height="4" />
      <rect className="progress-done" width={percent ?? 30} height="4" />
    </svg>
  )
}
