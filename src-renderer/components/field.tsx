import { useId, type ReactNode } from 'react'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string | undefined
  /** What is not right about it yet, once that was looked at. */
  readonly problem?: string | undefined
  /** To choose from; anything else can be typed all the same. */
  readonly suggestions?: readonly string[] | undefined
  readonly placeholder?: string | undefined
  readonly type?: 'text' | 'number'
  /** Stands behind the field: a unit, a button. */
  readonly after?: ReactNode
}

export function Field({
  label,
  value,
  onChange,
  hint,
  problem,
  suggestions,
  placeholder,
  type = 'text',
  after,
}: FieldProps): ReactNode {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-line">
        <input
          id={id}
          type={type}
          value={value}
          placeholder={placeholder}
          min={type === 'number' ? 0 : undefined}
          step={type === 'number' ? 'any' : undefined}
          list={suggestions === undefined ? undefined : `${id}-list`}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={problem === undefined ? undefined : true}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={(event) => onChange(event.target.value)}
        />
        {after}
      </div>
      {suggestions !== undefined && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {note !== undefined && (
        <p id={`${id}-note`} className={problem === undefined ? 'field-hint' : 'field-problem'}>
          {note}
        </p>
      )}
    </div>
  )
}
