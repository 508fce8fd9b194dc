import type { ReactNode } from 'react'

import { Icon, type IconName } from './icon.tsx'
import { Spinner } from './spinner.tsx'

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  readonly kind?: 'plain' | 'primary' | 'danger' | 'link'
  /** What it started is not done yet: it shows so, keeps the focus and takes no press. */
  readonly pending?: boolean
  /** For screen readers, where the visible word alone does not say of what. */
  readonly label?: string | undefined
}

export function Button({
  children,
  onPress,
  kind = 'plain',
  pending = false,
  label,
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      aria-label={label}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={() => {
        if (!pending) onPress()
      }}
    >
      {/* The word keeps its place, so that the button keeps its width. */}
      <span className="button-word">{children}</span>
      {pending && <Spinner />}
    </button>
  )
}

interface IconButtonProps {
  readonly icon: IconName
  readonly label: string
  readonly onPress: () => void
  readonly pending?: boolean
}

export function IconButton({ icon, label, onPress, pending = false }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={() => {
        if (!pending) onPress()
      }}
    >
      {pending ? <Spinner /> : <Icon name={icon} />}
    </button>
  )
}

/** The one way a form is sent, also by Return in one of its fields. */
export function SubmitButton({ children, pending }: { children: ReactNode; pending: boolean }): ReactNode {
  return (
    <button
      type="submit"
      className="button button-primary"
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
    >
      <span className="button-word">{children}</span>
      {pending && <Spinner />}
    </button>
  )
}
