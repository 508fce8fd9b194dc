import { useId, type ReactNode } from 'react'

/** A titled part of a view. */
export function Group({
  title,
  children,
  aside,
}: {
  title: string
  children: ReactNode
  aside?: ReactNode
}): ReactNode {
  const id = useId()
  return (
    <section className="group" aria-labelledby={id}>
      <div className="group-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      <div className="group-body">{children}</div>
    </section>
  )
}
