/** A parameter of a template, in CloudFormation's terms. An empty default means "not given". */
export interface ParameterSpec {
  readonly type: 'String' | 'Number' | 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'
  readonly description: string
  /** Without one, whoever deploys must give a value. */
  readonly default?: string | number
  readonly allowedPattern?: string
  readonly allowedValues?: readonly string[]
  readonly minValue?: number
  readonly maxValue?: number
  readonly maxLength?: number
  /** Says what the pattern wants, in words. */
  readonly constraint?: string
}

const octet = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'

/** Part of a pattern: an IPv4 address. */
export const ipv4Address = `${octet}(\\.${octet}){3}`
