import { describe, expect, test } from 'vitest'

import { aimText, atLeast, atMost, judge } from '../../../bench/protocol/aim.ts'
import type { PeerId } from '../../../bench/protocol/peers/peer.ts'

const figures: Partial<Record<PeerId, number>> = { apache: 10, rclone: 1_000 }
const figureOf = (peer: PeerId) => figures[peer]

describe('an aim', () => {
  test.for([
    { aim: atMost({ value: 110 }), ours: 110, verdict: 'reached', text: '≤ 110' },
    { aim: atMost({ value: 110 }), ours: 110.1, verdict: 'missed', text: '≤ 110' },
    { aim: atMost({ peer: 'apache', times: 2 }), ours: 20, verdict: 'reached', text: '≤ apache × 2' },
    { aim: atMost({ peer: 'apache', times: 2 }), ours: 21, verdict: 'missed', text: '≤ apache × 2' },
    { aim: atLeast({ peer: 'rclone' }), ours: 1_000, verdict: 'reached', text: '≥ rclone' },
    { aim: atLeast({ peer: 'rclone', times: 1.2 }), ours: 1_199, verdict: 'missed', text: '≥ rclone × 1.2' },
  ] as const)('$text is $verdict by $ours', ({ aim, ours, verdict, text }) => {
    expect(judge(aim, ours, figureOf)).toBe(verdict)
    expect(aimText(aim, (peer) => peer)).toBe(text)
  })

  test('is not judged when the server it looks at, or ours, was not measured', () => {
    expect(judge(atMost({ peer: 'nginx' }), 1, figureOf)).toBe('unknown')
    expect(judge(atMost({ value: 1 }), undefined, figureOf)).toBe('unknown')
  })
})
