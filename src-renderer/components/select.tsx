import { useId, type ReactNode } from 'react'

interface SelectProps<T extends string> {
  readonly label: string
  readonly hint?: string | undefined
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly value: T
  readonly pending?: boolean
  readonly onChange: (value: T) => void
}

export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { label, hint, options, value, pending = false, onChange } = props
  const id = useId()
  return (
    <div className="setting">
      <label className="setting-words" htmlFor={id}>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </label>
      <select
        id={id}
        value={value}
        aria-busy={pending || undefined}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen !== undefined && !pending) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
