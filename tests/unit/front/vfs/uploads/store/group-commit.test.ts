import { describe, expect, it } from 'vitest'

import { GroupCommit, type Outcome } from '../../../../../../src-main/front/vfs/uploads/store/group-commit.ts'

interface Round {
  readonly items: readonly string[]
  readonly end: PromiseWithResolvers<readonly Outcome[]>
}

const done: Outcome = { kind: 'done' }

/** A commit whose rounds end when the test says so. */
function heldRounds(): { readonly rounds: Round[]; readonly commits: GroupCommit<string> } {
  const rounds: Round[] = []
  const commits = new GroupCommit<string>((items) => {
    const end = Promise.withResolvers<readonly Outcome[]>()
    rounds.push({ items, end })
    return end.promise
  })
  return { rounds, commits }
}

describe('commits in groups', () => {
  it('let the first go at once, and gather in their order what comes meanwhile', async () => {
    const { rounds, commits } = heldRounds()
    const first = commits.add('a')
    const others = ['b', 'c', 'd'].map((item) => commits.add(item))
    expect(rounds.map(({ items }) => items)).toEqual([['a']])
    rounds[0]!.end.resolve([done])
    await first
    await Promise.resolve()
    expect(rounds.map(({ items }) => items)).toEqual([['a'], ['b', 'c', 'd']])
    rounds[1]!.end.resolve([done, done, done])
    await Promise.all(others)
    await commits.settled()
  })

  it('give each its own outcome', async () => {
    const { rounds, commits } = heldRounds()
    const all = ['a', 'b', 'c'].map((item) => commits.add(item))
    rounds[0]!.end.resolve([done])
    await all[0]
    const failure = new Error('no room')
    rounds[1]!.end.resolve([{ kind: 'failed', error: failure }, done])
    await expect(all[1]).rejects.toBe(failure)
    await expect(all[2]).resolves.toBeUndefined()
  })

  it('fail all of a round that fails as a whole, and go on with the next', async () => {
    const { rounds, commits } = heldRounds()
    const first = commits.add('a')
    const second = commits.add('b')
    const failure = new Error('the folder cannot be synced')
    rounds[0]!.end.reject(failure)
    await expect(first).rejects.toBe(failure)
    rounds[1]!.end.resolve([done])
    await second
  })
})
