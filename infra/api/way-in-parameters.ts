import { ipv4Address, type ParameterSpec } from './parameter-spec.ts'
import type { WayIn } from './way-in.ts'

/** All addresses there are; the template takes it only together with `OpenToTheInternet`. */
export const anyAddress = '0.0.0.0/0'

/** Masks of 8 to 32 bits: two halves of the Internet are as open as all of it. */
const narrowCidr = `${ipv4Address}/([89]|[12][0-9]|3[0-2])`

const cidr = { type: 'String', constraint: 'an IPv4 range of 8 to 32 bits' } as const

const moreCidrs = {
  AllowedCidr2: {
    ...cidr,
    default: '',
    allowedPattern: `^$|^${narrowCidr}$`,
    description: 'One more range.',
  },
  AllowedCidr3: {
    ...cidr,
    default: '',
    allowedPattern: `^$|^${narrowCidr}$`,
    description: 'One more range.',
  },
} as const

const nlbParameters = {
  AllowedCidr: {
    ...cidr,
    description: 'Public address that may connect, as in 203.0.113.7/32.',
    allowedPattern: `^${narrowCidr}$|^0\\.0\\.0\\.0/0$`,
  },
  ...moreCidrs,
  OpenToTheInternet: {
    type: 'String',
    default: 'no',
    allowedValues: ['no', 'yes'],
    description: 'yes: AllowedCidr may be 0.0.0.0/0, and everybody may knock. TLS and IAM still decide.',
  },
} as const satisfies Record<string, ParameterSpec>

const privateParameters = {
  AllowedCidr: {
    ...cidr,
    description: 'Range of the clients, as the mount target sees them: of the VPN, or of the subnet router.',
    allowedPattern: `^${narrowCidr}$`,
  },
  ...moreCidrs,
} as const satisfies Record<string, ParameterSpec>

const ssmParameters = {
  InstanceType: {
    type: 'String',
    default: 't4g.nano',
    allowedValues: ['t4g.nano', 't4g.micro', 't4g.small'],
    description: 'Size of the instance.',
  },
  InstanceImage: {
    type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
    default: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    description: 'Its image. The default is the newest Amazon Linux 2023 at every update of the stack.',
  },
  PublicAddress: {
    type: 'String',
    default: 'yes',
    allowedValues: ['yes', 'no'],
    description: 'no: the subnet has another way to Systems Manager, by NAT or by endpoints.',
  },
} as const satisfies Record<string, ParameterSpec>

/** What each way in asks for besides the common parameters. */
export const parametersOfWayIn = {
  nlb: nlbParameters,
  private: privateParameters,
  ssm: ssmParameters,
} as const satisfies Record<WayIn, Readonly<Record<string, ParameterSpec>>>
