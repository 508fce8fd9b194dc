/** How AWS's names look: for settings, command line, main and forms alike. Without zod, which windows do not load. */
export const awsPatterns = {
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  fileSystemId: /^fs-[0-9a-f]{8,40}$/,
  accessPointId: /^fsap-[0-9a-f]{17,40}$/,
  instanceId: /^i-[0-9a-f]{8,17}$/,
} as const
