import type { ReactNode } from 'react'

export function Spinner(): ReactNode {
  return (
    <svg className="spinner" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle className="spinner-track" cx="8" cy="8" r="6" />
      <path className="spinner-arc" d="M8 2a6 6 0 0 1 6 6" />
    </svg>
  )
}
