import { mountbarApp } from './mountbar-app.ts'

/** For `cdk deploy`, with the CDK's own command; `npm run synth` needs none. Stacks: `mountbar-nlb`, `mountbar-private`, `mountbar-ssm`. */
mountbarApp().app.synth()
