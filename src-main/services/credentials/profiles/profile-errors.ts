import { AppError, type ErrorArgs } from '../../../shared/errors.ts'
import type { AwsConfig } from './aws-config.ts'

/** The failures of one profile, each with the place of what is wrong. Values are never quoted: they may be secrets. */
export interface ProfileErrors {
  /** @param near the key that makes the missing one necessary. */
  incomplete(missingKey: string | undefined, near?: string): AppError
  invalid(key: string): AppError
  sourceMissing(source: string, key: string): AppError
  cycle(names: readonly string[]): AppError
  /** The same profile's failures, in another section that it refers to. */
  below(sectionName: string): ProfileErrors
}

export function createProfileErrors(
  profile: string,
  config: AwsConfig,
  sectionName: string = profile,
): ProfileErrors {
  const place = (key?: string): ErrorArgs => {
    const found = config.placeOf(sectionName, key)
    return found === undefined ? {} : { ...found }
  }
  return {
    incomplete: (key, near) =>
      new AppError('profile-incomplete', { profile, ...(key !== undefined && { key }), ...place(near) }),
    invalid: (key) => new AppError('profile-invalid', { profile, key, ...place(key) }),
    sourceMissing: (source, key) =>
      new AppError('profile-source-missing', { profile, source, ...place(key) }),
    below: (other) => createProfileErrors(profile, config, other),
    cycle: (names) =>
      new AppError('profile-cycle', { profile: names[0] ?? profile, chain: names.join(' → ') }),
  }
}
