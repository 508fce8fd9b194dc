import { awsCheck, findingOfFact } from './aws-finding.ts'

/** One after the other, as each builds on those before it. */
export const awsProfile = awsCheck({
  id: 'aws-profile',
  title: 'AWS profile',
  severity: 'problem',
  findingOf: ({ found }) => findingOfFact(found),
})

export const awsSession = awsCheck({
  id: 'aws-session',
  title: 'AWS session',
  severity: 'problem',
  findingOf: ({ session }) => findingOfFact(session),
})

export const awsClock = awsCheck({
  id: 'aws-clock',
  title: 'Clock against AWS’s',
  severity: 'problem',
  findingOf: ({ clock }) => findingOfFact(clock),
})

export const awsCaller = awsCheck({
  id: 'aws-caller',
  title: 'Who you are to AWS',
  severity: 'problem',
  findingOf: ({ caller }) => findingOfFact(caller),
})
