import type { ReactNode } from 'react'

/** A bucket that hands its files up to a menu bar. */
export function Picture(): ReactNode {
  return (
    <svg className="picture" viewBox="0 0 160 96" aria-hidden="true" focusable="false">
      <rect className="picture-bar" x="10" y="6" width="140" height="14" rx="7" />
      <circle className="picture-dot" cx="130" cy="13" r="2.5" />
      <circle className="picture-dot" cx="139" cy="13" r="2.5" />
      <path className="picture-active" d="M112 10.5h11l-1.3 5.7h-8.4l-1.3-5.7Z" />
      <path className="picture-thread" d="M117.5 22v10c0 9-37.5 4-37.5 14" />
      <path className="picture-bucket" d="M54 52h52l-6 33c-.6 3-9 5-20 5s-19.4-2-20-5l-6-33Z" />
      <ellipse className="picture-rim" cx="80" cy="52" rx="26" ry="6" />
    </svg>
  )
}
