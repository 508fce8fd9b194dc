/** How AWS's names look. Main parses by them, and forms say by them what is not right yet; without zod, which windows do not load. */
export const patterns = {
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  fileSystemId: /^fs-[0-9a-f]{8,40}$/,
  accessPointId: /^fsap-[0-9a-f]{17,40}$/,
} as const
