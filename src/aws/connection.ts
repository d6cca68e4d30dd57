// What we talk to: an AWS account by profile and region, the local lake, or any endpoint that speaks AWS's APIs.

export interface StaticKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type Connection =
  | { readonly kind: "aws"; readonly region: string; readonly profile: string | undefined }
  | { readonly kind: "local"; readonly region: string; readonly endpointUrl: string; readonly keys: StaticKeys }
  | {
      readonly kind: "endpoint";
      readonly region: string;
      readonly endpointUrl: string;
      /** Undefined: the profile's (or the default chain's) credentials. */
      readonly keys: StaticKeys | undefined;
      readonly profile: string | undefined;
    };

/** The connection as people name it: "the local lake", "prod-analytics · eu-west-1", "http://host:9000 · us-east-1". */
export function connectionName(connection: Connection): string {
  switch (connection.kind) {
    case "local":
      return "the local lake";
    case "aws":
      return `${connection.profile ?? "default"} · ${connection.region}`;
    case "endpoint":
      return `${connection.endpointUrl} · ${connection.region}`;
  }
}
