/** Where a stack's resources are made: the local control planes of S3 Files, EC2 and S3, or memory. */
export interface ResourceHost {
  /** @throws ResourceRefused with what CloudFormation would show as the reason. */
  create(resource: WantedResource): Promise<MadeResource>
  /** Only for what can change in place; CloudFormation replaces the rest. @throws ResourceRefused */
  update(resource: WantedResource, made: MadeResource): Promise<MadeResource>
  /** A resource that is gone already is no error. @throws ResourceRefused */
  remove(type: string, physicalId: string): Promise<void>
}

export interface WantedResource {
  /** `AWS::S3Files::FileSystem` */
  readonly type: string
  readonly logicalId: string
  /** With all functions resolved: what Ref and GetAtt of other resources gave is in place. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly stackName: string
  readonly region: string
  readonly accountId: string
}

export interface MadeResource {
  /** What `Ref` gives. */
  readonly physicalId: string
  /** What `Fn::GetAtt` gives, by attribute: `FileSystemId`, `Arn`, `GroupId`. */
  readonly attributes: Readonly<Record<string, string>>
}

/** A resource that AWS would not make, change or remove; `message` is the status reason of the event. */
export class ResourceRefused extends Error {
  override readonly name = 'ResourceRefused'
}
