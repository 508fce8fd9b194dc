import type { ReactNode } from 'react'

/** Said where a list would be. */
export function EmptyNote({ children }: { children: ReactNode }): ReactNode {
  return <p className="empty-note">{children}</p>
}
