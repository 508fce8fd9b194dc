import { z } from 'zod'

import { migrate, migrations } from './migrations.ts'
import { settingsSchema, settingsVersion, type Settings } from './schema.ts'

/** What a settings file turned out to be. */
export type ParsedSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'from-the-future'; readonly version: number }
  | { readonly kind: 'broken'; readonly cause: unknown }

const anyVersionSchema = z.looseObject({ version: z.number().int().positive() })

/** The text of a settings file of any version as today's settings. */
export function parseSettings(text: string): ParsedSettings {
  try {
    const found = anyVersionSchema.parse(JSON.parse(text))
    if (found.version > settingsVersion) return { kind: 'from-the-future', version: found.version }
    const current = migrate(found, found.version, settingsVersion, migrations)
    return { kind: 'settings', settings: settingsSchema.parse(current) }
  } catch (cause) {
    return { kind: 'broken', cause }
  }
}
