import { useId, type ReactNode } from 'react'

interface SwitchProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly checked: boolean
  readonly pending?: boolean
  readonly onChange: (checked: boolean) => void
}

export function Switch({ label, hint, checked, pending = false, onChange }: SwitchProps): ReactNode {
  const id = useId()
  return (
    <label className="setting" htmlFor={id}>
      <span className="setting-words">
        {label}
        {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="switch"
        checked={checked}
        aria-label={label}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        aria-busy={pending || undefined}
        onChange={(event) => {
          if (!pending) onChange(event.target.checked)
        }}
      />
    </label>
  )
}
