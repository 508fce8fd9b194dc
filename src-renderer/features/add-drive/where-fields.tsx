import type { ReactNode } from 'react'

import { Field } from '../../components/field.tsx'
import { useSnapshot } from '../../stores/app-store.ts'
import { regions } from './regions.ts'

interface Where {
  readonly profile: string
  readonly region: string
}

interface WhereFieldsProps extends Where {
  readonly problems: Partial<Record<keyof Where, string>>
  readonly onChange: (part: Partial<Where>) => void
}

/** With whose credentials, and in which region. A profile brings its own region along, where none was typed. */
export function WhereFields({ profile, region, problems, onChange }: WhereFieldsProps): ReactNode {
  const accounts = useSnapshot((snapshot) => snapshot.accounts)
  const putProfile = (typed: string): void => {
    const own = accounts.find((account) => account.profile === typed)?.region
    onChange(own !== undefined && region === '' ? { profile: typed, region: own } : { profile: typed })
  }
  return (
    <>
      <Field
        label="AWS profile"
        value={profile}
        onChange={putProfile}
        suggestions={accounts.map((account) => account.profile)}
        placeholder="The default one"
        problem={problems.profile}
      />
      <Field
        label="Region"
        value={region}
        onChange={(typed) => onChange({ region: typed.trim() })}
        suggestions={regions}
        placeholder="eu-central-1"
        problem={problems.region}
      />
    </>
  )
}
