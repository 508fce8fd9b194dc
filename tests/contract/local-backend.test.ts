import { describeBackend } from './backend-contract.ts'
import { makeLocalBackend } from './local/local-subject.ts'

describeBackend('a durable folder', () => makeLocalBackend({ durable: true }))
describeBackend('a folder without fsync', () => makeLocalBackend({ durable: false }))
