/**
 * Of `MOUNTBAR_EXPORT_QUIET_MS`, for tests and demonstrations: after how much quiet the stand-in of a bucket exports a file. S3 Files itself takes its
 * 60 s whatever is said here.
 * @returns nothing where it is not set, or not a number of milliseconds.
 */
export function exportQuietMsOf(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const text = env['MOUNTBAR_EXPORT_QUIET_MS'] ?? ''
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined
}
