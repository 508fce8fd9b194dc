import { useId, type ReactNode } from 'react'

export interface Choice<T extends string = string> {
  readonly value: T
  readonly label: string
  /** A line, or a line each. */
  readonly detail?: string | readonly string[] | undefined
  /** There to be seen, and not to be chosen. */
  readonly disabled?: boolean | undefined
}

interface ChoiceListProps<T extends string> {
  readonly legend: string
  readonly choices: readonly Choice<T>[]
  readonly value: string
  readonly onChange: (value: T) => void
  readonly busy?: boolean
}

/** One of a few, each with a line that says more about it. */
export function ChoiceList<T extends string>({
  legend,
  choices,
  value,
  onChange,
  busy = false,
}: ChoiceListProps<T>): ReactNode {
  const name = useId()
  return (
    <fieldset className="choices" aria-busy={busy || undefined}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            disabled={choice.disabled}
            onChange={() => {
              if (!busy) onChange(choice.value)
            }}
          />
          <span className="choice-words">
            <span>{choice.label}</span>
            {linesOf(choice.detail).map((line) => (
              <small key={line}>{line}</small>
            ))}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function linesOf(detail: Choice['detail']): readonly string[] {
  if (detail === undefined) return []
  return typeof detail === 'string' ? [detail] : detail
}
